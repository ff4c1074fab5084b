using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Tokens left out at random, by the numbers that were drawn when it was recorded.</summary>
internal sealed class VseRandomDropCase : IParityCase
{
    public string Name => "vse-random-drop";

    public void Check(GoldenFile file) => ModuleParity.Check(file, _ =>
    {
        var numbers = new Queue<double>(file.Read("input.uniform").to(ScalarType.Float64).ToArray<double>());
        (Tensor tokens, IReadOnlyList<int> lengths) = RandomDrop.Forward(
            file.Input("features"), null, file.Config.GetProperty("rate").GetDouble(), () => numbers.Dequeue());
        return new Dictionary<string, Tensor>
        {
            ["features"] = tokens,
            ["lengths"] = TensorData.From(lengths.Select(length => (float)length).ToArray(), lengths.Count),
        };
    });
}
