namespace UniPT.Torch;

/// <summary>The errors of states that do not fit: they name the first few tensors and how many there are.</summary>
internal static class StateCheck
{
    private const int Listed = 5;

    internal static void SameNames(IEnumerable<string> expected, IEnumerable<string> found, string origin)
    {
        string[] missing = [.. expected.Except(found)];
        string[] unexpected = [.. found.Except(expected)];
        if (missing.Length + unexpected.Length > 0)
        {
            string[] parts =
            [
                .. missing.Length > 0 ? [$"lacks {List(missing)}"] : Array.Empty<string>(),
                .. unexpected.Length > 0 ? [$"has the unexpected {List(unexpected)}"] : Array.Empty<string>(),
            ];
            throw new UserException($"{origin} does not fit the model: it {string.Join(" and ", parts)}.");
        }
    }

    internal static void SameShape(string name, long[] expected, long[] found, string origin)
    {
        if (!expected.AsSpan().SequenceEqual(found))
        {
            throw new UserException(
                $"{origin}: the tensor {name} has the shape [{string.Join(", ", found)}], the model needs [{string.Join(", ", expected)}].");
        }
    }

    internal static string List(string[] names) =>
        $"{names.Length} tensor{(names.Length == 1 ? "" : "s")} ({string.Join(", ", names.Take(Listed))}{(names.Length > Listed ? ", …" : "")})";
}
