using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>Sizes of CLIP's Vision Transformer; without changes those of ViT-B/32.</summary>
public sealed record ClipVitConfig
{
    /// <summary>Height and width of the pictures, in pixels; a multiple of <see cref="Patch"/>.</summary>
    public int Resolution { get; init; } = 224;

    /// <summary>Height and width of a patch, in pixels.</summary>
    public int Patch { get; init; } = 32;

    /// <summary>Width of every hidden state.</summary>
    public int Width { get; init; } = 768;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Heads of every attention; they divide the width.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the embedding.</summary>
    public int Output { get; init; } = 512;

    /// <summary>ε of the layer norms.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>
    /// Whether pixels come as RGB in [0, 1] and are normalised here with the mean and deviation of CLIP's training pictures;
    /// otherwise they come normalised.
    /// </summary>
    public bool NormalizesPixels { get; init; } = true;

    /// <summary>Patches in a row.</summary>
    public int Grid => Resolution / Patch;

    /// <summary>The class token and all patches.</summary>
    public int Tokens => (Grid * Grid) + 1;

    /// <summary>The sizes that a checkpoint's shapes tell; the place is that of <c>conv1</c>.</summary>
    internal static ClipVitConfig Of(Weights weights)
    {
        long[] kernels = weights.Shape("conv1.weight", 4);
        long[] projection = weights.Shape("proj", 2);
        int grid = (int)Math.Sqrt(weights.Shape("positional_embedding", 2)[0] - 1);
        return new()
        {
            Resolution = grid * (int)kernels[3],
            Patch = (int)kernels[3],
            Width = (int)kernels[0],
            Layers = (weights / "transformer" / "resblocks").CountWith("attn.in_proj_weight"),
            Heads = HeadCount.Of(kernels[0], "clip_vit"),
            Output = (int)projection[1],
        };
    }
}
