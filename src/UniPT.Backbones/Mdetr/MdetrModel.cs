using UniPT.Backbones.Bert;
using UniPT.Backbones.Layers;
using UniPT.Backbones.ResNet;
using UniPT.Torch;

namespace UniPT.Backbones.Mdetr;

/// <summary>
/// MDETR without its heads (Kamath et al., ICCV 2021, arXiv 2104.12763; the published checkpoint's names): the last maps of a ResNet and the
/// last hidden states of a RoBERTa are one sequence, which an encoder reads, and learned queries attend to in a decoder. Its stream
/// <c>encoder</c> has the cells of the picture, then the tokens of the text, <c>decoder</c> the queries; hidden states are what goes into the first layer,
/// for the queries zeros, and the output of every layer, of the decoder's last one behind its norm.
/// </summary>
/// <remarks>
/// Pixels come as RGB in [0, 1], of any size, and are normalised here; <c>pixels_mask</c> has 1 for those that count where pictures were padded. Texts
/// are not cut. In training, dropout acts as in the published code.
/// </remarks>
public sealed class MdetrModel : Backbone
{
    /// <summary>Of the heads, of pretraining, and of UniPT's own checkpoints, where what is added stands among the layers.</summary>
    private static readonly string[] NotOfTheBackbone =
    [
        "class_embed.", "bbox_embed.", "contrastive_align_projection_image.", "contrastive_align_projection_text.",
        "contrastive_projection_image.", "contrastive_projection_text.", "transformer.CLS.", "transformer.side_",
    ];

    private readonly MdetrConfig _config;
    private readonly ResNetTrunk _image;
    private readonly MdetrTransformer _transformer;

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Where <c>backbone</c>, <c>input_proj</c>, <c>query_embed</c> and <c>transformer</c> stand.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public MdetrModel(Weights weights, MdetrConfig config) : base(weights.Store)
    {
        _config = config;
        Weights image = ImagePlace(weights);
        _image = new ResNetTrunk(image, config.Image, new ResNetStem(image, config.Image));
        _transformer = new MdetrTransformer(weights, config);
        var encoder = new BackboneStream(this, BackboneStream.Encoder, HiddenLayout.Tokens, Widths(config.EncoderLayers), Names("embedding", config.EncoderLayers))
        {
            Blocks = _transformer.EncoderBlocks,
            Prompt = _transformer.Prompt,
        };
        Streams = new(encoder, new BackboneStream(
            this, BackboneStream.Decoder, HiddenLayout.Tokens, Widths(config.DecoderLayers), Names("queries", config.DecoderLayers))
        {
            Blocks = _transformer.DecoderBlocks,
            Prompt = _transformer.Prompt,
            Memory = encoder,
        });

        int[] Widths(int layers) => [.. Enumerable.Repeat(config.Width, layers + 1)];
        static string[] Names(string first, int layers) => [first, .. Enumerable.Range(1, layers).Select(i => $"layer {i}")];
    }

    /// <summary>As recipes name it.</summary>
    public static BackboneArchitecture Architecture { get; } = new("mdetr", [BackboneStream.Encoder, BackboneStream.Decoder], weights =>
    {
        foreach (string start in NotOfTheBackbone)
        {
            weights.Ignore(start);
        }

        return new MdetrModel(weights, MdetrConfig.Of(weights));
    }, RobertaTokenizer.Open);

    /// <inheritdoc/>
    public override string Name => Architecture.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    public override int? Vocabulary => _config.Text.Vocabulary;

    /// <summary>Where the network of the pictures stands.</summary>
    internal static Weights ImagePlace(Weights weights) => weights / "backbone" / 0 / "body";

    /// <summary>Which cells of a grid count: those at whose first pixel the picture is, <c>[B, H, W] → [B, h, w]</c>.</summary>
    internal static Tensor Cells(Tensor pixelsMask, long height, long width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(nn.functional.interpolate(pixelsMask.unsqueeze(1), size: [height, width], mode: InterpolationMode.Nearest).squeeze(1));
    }

    /// <inheritdoc/>
    protected override long ExamplesAtOnce(BackboneInput input) => PixelInput.PicturesAtOnce(input);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input)
    {
        (Tensor pixels, Tensor? mask) = Pictures(input);
        RequireTexts(input, pixels.size(0));
        Tensor normalized = _config.Image.Pixels.Apply(pixels);

        // Padding is 0 behind the normalisation, as where pictures of different sizes were put together.
        Tensor maps = _image.Last((mask is null ? normalized : normalized * mask.unsqueeze(1)).to(Type));
        Tensor valid = mask is null
            ? torch.ones([maps.size(0), maps.size(2), maps.size(3)], device: maps.device)
            : Cells(mask, maps.size(2), maps.size(3));
        (HiddenStates encoder, HiddenStates decoder) = _transformer.Forward(maps, valid, input);
        return new BackboneOutput((BackboneStream.Encoder, encoder), (BackboneStream.Decoder, decoder));
    }

    private (Tensor Pixels, Tensor? Mask) Pictures(BackboneInput input)
    {
        Tensor pixels = PixelInput.Of(Name, input);
        long[] shape = pixels.shape;
        if (shape.Length != 4 || shape[1] != 3 || shape.Contains(0))
        {
            throw new UserException($"{Name} takes pictures [B, 3, H, W]; it was given [{string.Join(", ", shape)}].");
        }

        Tensor? mask = input.Find(BackboneInput.PixelsMaskPart);
        return mask is null || mask.shape.AsSpan().SequenceEqual([shape[0], shape[2], shape[3]])
            ? (pixels, mask)
            : throw new UserException(
                $"{Name} takes a {BackboneInput.PixelsMaskPart} with one number for every pixel, [{shape[0]}, {shape[2]}, {shape[3]}]; it was given [{string.Join(", ", mask.shape)}].");
    }

    private void RequireTexts(BackboneInput input, long pictures)
    {
        Tensor tokens = input.Find(BackboneInput.TokensPart)
            ?? throw new UserException($"{Name} takes token ids [B, N] beside pictures; it was given {string.Join(", ", input.All.Keys)} and no {BackboneInput.TokensPart}.");
        if (tokens.ndim != 2 || tokens.size(0) != pictures)
        {
            throw new UserException($"{Name} takes one text for every picture, token ids [{pictures}, N]; it was given [{string.Join(", ", tokens.shape)}].");
        }

        if (tokens.size(1) > _transformer.Prompt.Room)
        {
            throw new UserException($"{Name} has positions for {_transformer.Prompt.Room} tokens of a text; it was given one of {tokens.size(1)}.");
        }
    }
}
