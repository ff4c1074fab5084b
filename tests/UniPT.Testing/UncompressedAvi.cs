using System.Text;

namespace UniPT.Testing;

/// <summary>Writes films that need no encoder: AVI files of uncompressed 24-bit frames, which every version of ffmpeg reads.</summary>
public static class UncompressedAvi
{
    /// <summary>The bytes of a film.</summary>
    /// <param name="frames">Red, green and blue of every pixel of each frame, row by row.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="rate">Frames of so many seconds.</param>
    /// <param name="scale">The seconds.</param>
    public static byte[] Bytes(IReadOnlyList<byte[]> frames, int width, int height, int rate, int scale = 1)
    {
        // Rows stand from the bottom up, blue first, and begin at multiples of four bytes.
        int row = ((3 * width) + 3) / 4 * 4;
        byte[][] bitmaps = [.. frames.Select(frame =>
        {
            var bitmap = new byte[row * height];
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int from = 3 * ((y * width) + x);
                    int to = ((height - 1 - y) * row) + (3 * x);
                    (bitmap[to], bitmap[to + 1], bitmap[to + 2]) = (frame[from + 2], frame[from + 1], frame[from]);
                }
            }

            return bitmap;
        })];
        int size = row * height;
        byte[] main = Numbers((int)(1_000_000L * scale / rate), size * rate / scale, 0, 0x10, frames.Count, 0, 1, size, width, height, 0, 0, 0, 0);
        byte[] stream = [.. "vidsDIB "u8, .. Numbers(0, 0, 0, scale, rate, 0, frames.Count, size, -1, 0), .. new byte[8]];
        byte[] format = [.. Numbers(40, width, height), 1, 0, 24, 0, .. Numbers(0, size, 0, 0, 0, 0)];
        byte[] header = List("hdrl", [.. Chunk("avih", main), .. List("strl", [.. Chunk("strh", stream), .. Chunk("strf", format)])]);
        byte[] movie = List("movi", [.. bitmaps.SelectMany(bitmap => Chunk("00db", bitmap))]);
        byte[] index = Chunk("idx1", [.. bitmaps.SelectMany((_, i) => (byte[])[.. "00db"u8, .. Numbers(0x10, 4 + (i * (8 + size)), size)])]);
        byte[] content = [.. "AVI "u8, .. header, .. movie, .. index];
        return Chunk("RIFF", content);
    }

    private static byte[] Numbers(params int[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    private static byte[] Chunk(string name, byte[] content) => [.. Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(content.Length), .. content];

    private static byte[] List(string name, byte[] content) => Chunk("LIST", [.. Encoding.ASCII.GetBytes(name), .. content]);
}
