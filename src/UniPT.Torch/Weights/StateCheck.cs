namespace UniPT.Torch;

/// <summary>Takes over states, and the errors of those that do not fit: they name the first few tensors and how many there are.</summary>
public static class StateCheck
{
    private const int Listed = 5;

    /// <summary>Checks that two states have the same names and shapes.</summary>
    /// <exception cref="UserException">They do not; the message names what is missing, unexpected or mis-shaped.</exception>
    public static void Same(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> found, string origin)
    {
        SameNames(expected.Keys, found.Keys, origin);
        foreach ((string name, Tensor tensor) in expected)
        {
            SameShape(name, tensor.shape, found[name].shape, origin);
        }
    }

    /// <summary>Copies a state into another one that has the same names and shapes.</summary>
    /// <param name="own">Whose tensors are written to.</param>
    /// <param name="state">What they become.</param>
    /// <param name="origin">What the error message calls the state.</param>
    /// <exception cref="UserException">As <see cref="Same"/>; then nothing was copied.</exception>
    public static void CopyInto(IReadOnlyDictionary<string, Tensor> own, IReadOnlyDictionary<string, Tensor> state, string origin)
    {
        Same(own, state, origin);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Tensor tensor) in own)
        {
            tensor.copy_(state[name]);
        }
    }

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
