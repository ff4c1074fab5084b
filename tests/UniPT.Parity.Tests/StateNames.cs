using UniPT.Torch;

namespace UniPT.Parity.Tests;

/// <summary>That a module's <c>state_dict()</c> has the recorded names and shapes, no more and no fewer.</summary>
internal static class StateNames
{
    /// <param name="file">The recorded case.</param>
    /// <param name="weights">What the module was built from.</param>
    /// <param name="names">The names here, from the reference's; null for those that are left out.</param>
    public static void Check(GoldenFile file, Weights weights, Func<string, string?> names)
    {
        // Not everything that is built from weights is an nn.Module; as one it would be this one, of all that was asked for. It is
        // not disposed of, since the tensors would go with it.
        Dictionary<string, string> found = new Whole(weights).state_dict().ToDictionary(pair => pair.Key, pair => Shape(pair.Value));
        Dictionary<string, string> recorded = file.State(names).ToDictionary(pair => pair.Name, pair => Shape(file.Read(pair.Place)));
        foreach (string name in recorded.Keys.Union(found.Keys))
        {
            string? own = found.GetValueOrDefault(name);
            if (own != recorded.GetValueOrDefault(name))
            {
                throw new ParityException(
                    $"{file.Path}: the state's {name} is {own ?? "missing"}, recorded {recorded.GetValueOrDefault(name) ?? "nowhere"}");
            }
        }
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private sealed class Whole(Weights weights) : Module(weights)
    {
        protected override Tensor Compute(Tensor input) => input;
    }
}
