using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace UniPT.Torch;

/// <summary>What stands before the numbers of a NumPy array: versions 1 to 3 of the format (NEP 1), a dictionary as Python writes it.</summary>
/// <param name="Type">Of the numbers.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="FirstIndexFastest">Whether the first index runs fastest in the file (Fortran's order), and not the last.</param>
/// <param name="Start">Bytes before the first number.</param>
internal sealed partial record NpyHeader(ScalarType Type, long[] Shape, bool FirstIndexFastest, long Start)
{
    private const int MaxBytes = 1 << 16;
    private const int MaxDimensions = 16;
    private const int Shown = 200;
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    private static readonly Dictionary<string, ScalarType> Types = new(StringComparer.Ordinal)
    {
        ["<f2"] = ScalarType.Float16,
        ["<f4"] = ScalarType.Float32,
        ["<f8"] = ScalarType.Float64,
    };

    /// <summary>Bytes of the numbers.</summary>
    internal long ByteCount => Shape.Aggregate((long)Type.Size(), (bytes, size) => bytes * size);

    /// <summary>Reads and checks a header; everything that it says is checked against the file.</summary>
    /// <param name="path">What messages call the file.</param>
    /// <param name="file">Its first bytes.</param>
    /// <param name="length">Bytes of the whole file.</param>
    /// <exception cref="UserException">The header is none, or says something that is not read or not so.</exception>
    internal static NpyHeader Parse(string path, ReadOnlySpan<byte> file, long length)
    {
        if (!file.StartsWith(Magic) || file.Length < 10)
        {
            throw new UserException(
                $"{path} is not an array of NumPy (.npy){(file.StartsWith("PK\x03\x04"u8) ? ": it is a zip, such as an .npz; unpack the array" : "")}.");
        }

        (byte version, int prefix) = (file[6], file[6] == 1 ? 10 : 12);
        if (version is < 1 or > 3 || file[7] != 0 || file.Length < prefix)
        {
            throw Broken(path, $"its version is {version}.{file[7]}; expected 1.0, 2.0 or 3.0");
        }

        long bytes = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(file[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
        if (bytes > MaxBytes || bytes > file.Length - prefix)
        {
            throw Broken(path, $"its header claims {bytes} bytes, the file has {length} and the limit is {MaxBytes}");
        }

        string text = (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(file.Slice(prefix, (int)bytes));
        var header = new NpyHeader(ReadType(path, text), ReadShape(path, text), Field(path, text, OrderPattern(), "fortran_order") == "True", prefix + bytes);
        header.Check(path, length);
        return header;
    }

    private void Check(string path, long length)
    {
        long elements = 1;
        foreach (long size in Shape)
        {
            elements = size > 0 && elements > long.MaxValue / sizeof(double) / size
                ? throw Broken(path, $"its shape {Named(Shape)} has more numbers than can be counted")
                : elements * size;
        }

        if (ByteCount != length - Start)
        {
            throw Broken(path, $"it has {length - Start} bytes of numbers, its shape {Named(Shape)} of {Type} needs {ByteCount}");
        }

        if (Start % Type.Size() != 0)
        {
            throw Broken(path, $"its numbers begin at byte {Start}, which their size {Type.Size()} does not divide");
        }
    }

    private static ScalarType ReadType(string path, string text)
    {
        string found = Field(path, text, TypePattern(), "descr");
        return Types.TryGetValue(found, out ScalarType type) ? type : throw new UserException(
            $"{path} holds {Meaning(found)}; expected floating-point numbers in little-endian order, as <f4 (float32), <f8 (float64) or <f2 (float16).");
    }

    private static string Meaning(string type) =>
        type.StartsWith('[') ? "records of several fields"
        : type.EndsWith('O') ? "objects of Python, which are programs and not read"
        : type.StartsWith('>') ? $"numbers in big-endian order ({type})"
        : $"values of the type {type}";

    private static long[] ReadShape(string path, string text)
    {
        string[] sizes = Field(path, text, ShapePattern(), "shape").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        long[] shape = [.. sizes.Select(size => long.TryParse(size.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Broken(path, $"its shape has the size {size}"))];
        return shape.Length <= MaxDimensions ? shape : throw Broken(path, $"its shape has {shape.Length} dimensions, the limit is {MaxDimensions}");
    }

    private static string Field(string path, string text, Regex pattern, string name)
    {
        MatchCollection found = pattern.Matches(text);
        return found.Count == 1
            ? found[0].Groups[1].Value
            : throw Broken(path, $"its header has {(found.Count == 0 ? "no" : "more than one")} {name} that can be read: {PrintableText.Of(text[..Math.Min(text.Length, Shown)].Trim())}");
    }

    private static UserException Broken(string path, string reason) => new($"{path} is not a valid array of NumPy: {reason}.");

    private static string Named(long[] shape) => $"[{string.Join(", ", shape)}]";

    [GeneratedRegex("""['"]descr['"]\s*:\s*(?:['"](?<1>[^'"]*)['"]|(?<1>\[))""", RegexOptions.CultureInvariant)]
    private static partial Regex TypePattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)\b""", RegexOptions.CultureInvariant)]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^()]*)\)""", RegexOptions.CultureInvariant)]
    private static partial Regex ShapePattern();
}
