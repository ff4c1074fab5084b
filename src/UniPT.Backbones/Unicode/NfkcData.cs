using System.Globalization;
using System.Text;

namespace UniPT.Backbones.Unicode;

/// <summary>The embedded table <c>nfkc.txt</c> (written by <c>nfkc.py</c>), without Hangul syllables.</summary>
internal sealed class NfkcData
{
    private readonly Dictionary<int, byte> _combiningClasses = [];
    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];

    private NfkcData(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            string[] fields = line.Split(' ');
            switch (fields[0])
            {
                case "c":
                    byte combiningClass = byte.Parse(fields[1], CultureInfo.InvariantCulture);
                    for (int code = Hex(fields[2]); code <= Hex(fields[3]); code++)
                    {
                        _combiningClasses.Add(code, combiningClass);
                    }

                    break;
                case "d":
                    _decompositions.Add(Hex(fields[1]), [.. fields.Skip(2).Select(Hex)]);
                    break;
                case "p":
                    _compositions.Add((Hex(fields[1]), Hex(fields[2])), Hex(fields[3]));
                    break;
            }
        }
    }

    public static NfkcData Load()
    {
        using Stream stream = typeof(NfkcData).Assembly.GetManifestResourceStream(typeof(NfkcData), "nfkc.txt")!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return new NfkcData(reader.ReadToEnd().Split('\n'));
    }

    /// <summary>The canonical combining class; 0 for starters.</summary>
    public byte CombiningClass(int code) => _combiningClasses.GetValueOrDefault(code);

    /// <summary>The full compatibility decomposition, or null for a code point that stays.</summary>
    public int[]? Decomposition(int code) => _decompositions.GetValueOrDefault(code);

    public bool TryCompose(int first, int second, out int composed) =>
        _compositions.TryGetValue((first, second), out composed);

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
