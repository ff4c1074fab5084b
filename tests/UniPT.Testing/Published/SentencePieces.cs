using System.Buffers.Binary;
using System.Text;

namespace UniPT.Testing.Published;

/// <summary>Writes small SentencePiece unigram models of T5's make: protocol buffers with pieces and their scores.</summary>
public static class SentencePieces
{
    private const int Control = 3;
    private const int Unknown = 2;

    /// <summary>Writes a model of whole words and all characters of ASCII that can be seen.</summary>
    /// <param name="path">Of the file, <c>spiece.model</c>.</param>
    /// <param name="words">Words, with no blanks in them.</param>
    /// <param name="count">How many pieces there are to be, filled up with some that stand in no text; T5's model has 32,000. Null for no more than is needed.</param>
    /// <returns>The ids of T5's tokenizer with it: the pieces and 100 sentinels.</returns>
    public static int Write(string path, IEnumerable<string> words, int? count = null)
    {
        using var model = new MemoryStream();
        string[] plain = [.. words.Select(word => $"▁{word}").Append("▁").Concat(Enumerable.Range('!', '~' - '!' + 1).Select(c => $"{(char)c}")).Distinct()];
        (string Piece, float Score, int Type)[] pieces =
        [
            ("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Unknown),
            .. plain.Select(piece => (piece, piece.Length > 1 ? -2f - (piece.Length * 0.01f) : -10f, 1)),
        ];
        for (int i = 0; i < pieces.Length || i < count; i++)
        {
            Field(model, 1, Piece(i < pieces.Length ? pieces[i] : ($"▁\uE000{i}", -20f, 1)));
        }

        // The trainer's make: unigram, and where the special pieces are; no token begins a text.
        Field(model, 2, [.. Number(3, 1), .. Number(40, 2), .. Number(41, ulong.MaxValue), .. Number(42, 1), .. Number(43, 0)]);

        // The normaliser's name, and that blanks are added in front, joined and written as ▁.
        Field(model, 3, [.. Text(1, "identity"), .. Number(3, 1), .. Number(4, 1), .. Number(5, 1)]);
        File.WriteAllBytes(path, model.ToArray());
        return Math.Max(pieces.Length, count ?? 0) + 100;
    }

    private static byte[] Piece((string Text, float Score, int Type) piece)
    {
        var score = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(score, piece.Score);
        return [.. Text(1, piece.Text), (2 << 3) | 5, .. score, .. Number(3, (ulong)piece.Type)];
    }

    private static byte[] Text(int field, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)bytes.Length), .. bytes];
    }

    private static byte[] Number(int field, ulong value) => [.. Varint((ulong)field << 3), .. Varint(value)];

    private static void Field(MemoryStream stream, int field, byte[] bytes)
    {
        stream.Write([.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)bytes.Length)]);
        stream.Write(bytes);
    }

    private static List<byte> Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 128; value >>= 7)
        {
            bytes.Add((byte)(value | 128));
        }

        bytes.Add((byte)value);
        return bytes;
    }
}
