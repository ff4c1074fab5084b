using UniPT.Backbones.Media;

namespace UniPT.Backbones.Clip;

/// <summary>The scale on which CLIP's image towers saw pixels.</summary>
internal static class ClipPixels
{
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>RGB <c>[B, 3, H, W]</c> in [0, 1], normalised.</summary>
    internal static Tensor Normalize(Tensor pixels) => ImageTransforms.Normalize(pixels, Mean, Deviation);
}
