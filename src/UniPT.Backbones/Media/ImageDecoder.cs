using System.Diagnostics.CodeAnalysis;
using SkiaSharp;

namespace UniPT.Backbones.Media;

/// <summary>
/// Decodes JPEG, PNG, WebP, GIF and BMP (of animations the first frame) through Skia: recognised by content, transparent parts laid
/// on white, turned upright as EXIF says. Cut-off pictures are refused, never half shown, and damaged ones as far as their format
/// shows damage: PNG has checksums, a JPEG's or bitmap's wrong bytes can be other colours. Safe to call from several threads.
/// </summary>
/// <remarks>
/// Decoding holds 7 bytes for each decoded pixel (Skia's four, our three) above what the format's decoder keeps itself. Threads that
/// decode at once share <see cref="MemoryBudget"/>: those that do not fit wait.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Larger pictures are refused from their header.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Bytes that all decodes running at once hold together, by estimate; a single larger one runs alone.</summary>
    public const long MemoryBudget = 512L << 20;

    /// <summary>A decoded pixel as Skia and as we hold it, and room for a float of one channel while it is resized.</summary>
    private const int BytesPerDecodedPixel = 8;

    /// <summary>What decoders themselves hold of a picture in full size, such as a progressive JPEG's coefficients.</summary>
    private const int BytesPerStoredPixel = 4;

    private static readonly MemoryGate Gate = new(MemoryBudget);

    /// <summary>Decodes a picture file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="leastSide">As <see cref="Decode(ReadOnlySpan{byte}, string, int?)"/>.</param>
    /// <exception cref="UserException">It cannot be read, or as <see cref="Decode(ReadOnlySpan{byte}, string, int?)"/>.</exception>
    public static RgbImage Read(string path, int? leastSide = null)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path}: {error.Message}", error);
        }

        return Decode(bytes, path, leastSide);
    }

    /// <summary>Decodes a picture in memory.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="leastSide">
    /// If given, the picture may come smaller, but its shorter side not below this many pixels (nor below its own size): JPEG and WebP
    /// are decoded at a fraction of their size, which saves most of the memory and time of a large photo. Null: full size.
    /// </param>
    /// <exception cref="UserException">It is empty, no picture, of an unsupported format, too large, cut off or damaged.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> bytes, string name, int? leastSide = null) =>
        Decode(bytes, name, image => image, leastSide);

    /// <summary>
    /// Decodes a picture in memory and hands it on while its share of <see cref="MemoryBudget"/> is still held, so that many threads
    /// that decode and resize stay within it together.
    /// </summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="use">What becomes of the picture, such as its resized tensor. It must not wait for another thread's decode.</param>
    /// <param name="leastSide">As <see cref="Decode(ReadOnlySpan{byte}, string, int?)"/>.</param>
    /// <returns>What <paramref name="use"/> returned.</returns>
    /// <exception cref="UserException">As <see cref="Decode(ReadOnlySpan{byte}, string, int?)"/>.</exception>
    public static T Decode<T>(ReadOnlySpan<byte> bytes, string name, Func<RgbImage, T> use, int? leastSide = null) =>
        Decode(bytes, name, use, leastSide, Gate);

    /// <summary>The size of a picture, turned upright as <see cref="Decode(ReadOnlySpan{byte}, string, int?)"/> does, from its header alone.</summary>
    /// <param name="beginning">The first bytes of a JPEG, or all; all of other formats, which may say behind the picture how it is turned.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>Pixels across and down; null where the header needs more bytes, or is damaged.</returns>
    /// <exception cref="UserException">It is empty, no picture, or of an unsupported format.</exception>
    public static unsafe (int Width, int Height)? Measure(ReadOnlySpan<byte> beginning, string name)
    {
        ImageFormat format = Recognise(beginning, name);
        fixed (byte* file = beginning)
        {
            using SKData data = SKData.Create((IntPtr)file, beginning.Length);
            using SKCodec? codec = SKCodec.Create(data);
            if (codec?.Info.Size is not { Width: > 0, Height: > 0 } size)
            {
                return null;
            }

            bool isTurned = ExifOrientation.Of(format, beginning) >= SKEncodedOrigin.LeftTop;
            return isTurned ? (size.Height, size.Width) : (size.Width, size.Height);
        }
    }

    internal static T Decode<T>(
        ReadOnlySpan<byte> bytes, string name, Func<RgbImage, T> use, int? leastSide, MemoryGate gate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leastSide ?? 1, nameof(leastSide));
        ImageFormat format = Recognise(bytes, name);
        SKEncodedOrigin origin = ExifOrientation.Of(format, bytes);
        byte[]? palette = format == ImageFormat.Png ? SkiaGaps.GreyKeyAsPalette(bytes) : null;
        ReadOnlySpan<byte> shown = palette ?? bytes;
        if (TryDecode(shown, out T? result) || (SkiaGaps.Bare(format, shown) is { } bare && TryDecode(bare, out result)))
        {
            return result;
        }

        throw new UserException($"{name} is {format.Name} that cannot be decoded: its data is damaged or cut off.");

        bool TryDecode(ReadOnlySpan<byte> file, [MaybeNullWhen(false)] out T used) =>
            ImageDecoder.TryDecode(file, format, origin, name, use, leastSide, gate, out used);
    }

    /// <summary>Whether Skia decodes a file; what <paramref name="use"/> made of it.</summary>
    private static unsafe bool TryDecode<T>(
        ReadOnlySpan<byte> bytes,
        ImageFormat format,
        SKEncodedOrigin origin,
        string name,
        Func<RgbImage, T> use,
        int? leastSide,
        MemoryGate gate,
        [MaybeNullWhen(false)] out T used)
    {
        used = default;
        fixed (byte* file = bytes)
        {
            // The bytes stay where they are: no copy, and no stream whose exceptions would have to cross native code.
            using SKData data = SKData.Create((IntPtr)file, bytes.Length);
            using SKCodec? codec = SKCodec.Create(data);
            if (codec is null)
            {
                return false;
            }

            SKSizeI size = codec.Info.Size;
            if (size.Width <= 0 || size.Height <= 0 || (long)size.Width * size.Height > MaxPixels)
            {
                throw new UserException(
                    $"{name} has {size.Width} × {size.Height} pixels; "
                    + $"expected at least 1 × 1 and at most {MaxPixels / 1_000_000} megapixels.");
            }

            if (format == ImageFormat.Jpeg && !SkiaGaps.HasEnd(bytes))
            {
                return false;
            }

            SKSizeI decoded = leastSide is null ? size : Reduced(codec, size, leastSide.Value);
            using MemoryGate.Share share = gate.Enter(
                ((long)decoded.Width * decoded.Height * BytesPerDecodedPixel) + ((long)size.Width * size.Height * BytesPerStoredPixel));
            RgbImage? image = DecodePixels(codec, decoded, origin, name);

            // What the decoder keeps of the file is not needed any more.
            codec.Dispose();
            if (image is null)
            {
                return false;
            }

            used = use(image);
            return true;
        }
    }

    private static ImageFormat Recognise(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty)
        {
            throw new UserException($"{name} is empty; expected a {ImageFormat.Decoded} picture.");
        }

        ImageFormat format = ImageFormat.Of(bytes) ?? throw new UserException($"{name} is not a picture; expected {ImageFormat.Decoded}.");
        return format.IsDecoded
            ? format
            : throw new UserException($"{name} is {format.Name}, which is not supported; expected {ImageFormat.Decoded}.");
    }

    /// <summary>The smallest size the format decodes to that is not below what is needed; the full size where it has no other.</summary>
    private static SKSizeI Reduced(SKCodec codec, SKSizeI size, int leastSide)
    {
        for (int eighths = 1; eighths < 8; eighths++)
        {
            SKSizeI scaled = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(scaled.Width, scaled.Height) >= leastSide)
            {
                return scaled;
            }
        }

        return size;
    }

    /// <summary>Null if the data is damaged or cut off.</summary>
    private static RgbImage? DecodePixels(SKCodec codec, SKSizeI size, SKEncodedOrigin origin, string name)
    {
        // Without a colour space no profile is applied: pixels are the file's own values, as Pillow and torchvision read them.
        var layout = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var stored = new SKBitmap();
        if (!stored.TryAllocPixels(layout))
        {
            throw new UserException(
                $"{name} has {size.Width} × {size.Height} pixels, which take {layout.BytesSize64 / 1_000_000} MB to decode; "
                + "there is not that much memory.");
        }

        return codec.GetPixels(layout, stored.GetPixels(), layout.RowBytes, SKCodecOptions.Default) == SKCodecResult.Success
            ? RgbImage.FromStored(stored.GetPixelSpan(), size.Width, size.Height, origin)
            : null;
    }
}
