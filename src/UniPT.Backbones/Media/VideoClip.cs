using UniPT.Torch;

namespace UniPT.Backbones.Media;

/// <summary>Some frames of a film, small and square, as an image backbone takes them.</summary>
/// <param name="Frames">How many.</param>
/// <param name="Side">Their side in pixels.</param>
/// <param name="Pixels">Red, green and blue planes of each frame, <c>Frames · 3 · Side · Side</c> bytes.</param>
public sealed record VideoClip(int Frames, int Side, byte[] Pixels)
{
    /// <summary>Bytes of a frame.</summary>
    public int FrameBytes => 3 * Side * Side;

    /// <summary>
    /// The frames that a sampling keeps of a film: the shorter side becomes <paramref name="side"/>, bicubic as Pillow's, the middle is cut out, and values are rounded
    /// to whole ones.
    /// </summary>
    /// <exception cref="UserException">As <see cref="VideoFile.Read"/>.</exception>
    public static VideoClip Of(VideoFile film, VideoSampling sampling, int side, CancellationToken cancellation = default)
    {
        IReadOnlyList<byte[]> frames = film.Read(sampling, image => Planes(image, side), cancellation);
        var clip = new VideoClip(frames.Count, side, new byte[frames.Count * 3 * side * side]);
        foreach ((int i, byte[] frame) in frames.Index())
        {
            frame.CopyTo(clip.Pixels, i * clip.FrameBytes);
        }

        return clip;
    }

    /// <summary>One of the frames as a picture.</summary>
    public RgbImage Frame(int index)
    {
        int plane = Side * Side;
        ReadOnlySpan<byte> planes = Pixels.AsSpan(index * FrameBytes, FrameBytes);
        var pixels = new byte[FrameBytes];
        for (int i = 0; i < plane; i++)
        {
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (planes[i], planes[plane + i], planes[(2 * plane) + i]);
        }

        return new RgbImage(Side, Side, pixels);
    }

    private static byte[] Planes(RgbImage image, int side)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        return TorchErrors.Explain(() => (ImageTransforms.ShortSide(image, side) * Scalars.Of(255)).round().to(ScalarType.Byte).contiguous().ToArray<byte>());
    }
}
