using UniPT.Torch;

namespace UniPT.Parity.Tests;

/// <summary>That a module's <c>state_dict()</c> has the recorded names and shapes, no more and no fewer.</summary>
internal static class StateNames
{
    /// <summary>Of everything that was asked for at a place, whether what asked is an <c>nn.Module</c> or parts of one.</summary>
    /// <param name="file">The recorded case.</param>
    /// <param name="weights">The place.</param>
    /// <param name="names">The names here, from the reference's; null for those that are left out.</param>
    public static void Check(GoldenFile file, Weights weights, Func<string, string?>? names = null)
    {
        // It is not disposed of, since the tensors would go with it.
        Check(file, new Whole(weights), names);
    }

    /// <summary>Of a module that stands at the root of the recorded names.</summary>
    public static void Check(GoldenFile file, nn.Module module, Func<string, string?>? names = null)
    {
        names ??= name => name;
        Dictionary<string, string> found = module.state_dict().ToDictionary(pair => pair.Key, pair => Shape(pair.Value));
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
