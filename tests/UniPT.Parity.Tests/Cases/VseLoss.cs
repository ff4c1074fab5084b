using UniPT.Tasks.Retrieval.Losses;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The hinge loss over recorded embeddings.</summary>
internal static class VseLoss
{
    public static void Check(GoldenFile file) => ModuleParity.Check(file, _ =>
    {
        var loss = new HingeLoss(file.Config.GetProperty("margin").GetDouble());
        bool hardest = file.Config.GetProperty("max_violation").GetBoolean();
        return new Dictionary<string, Tensor> { ["loss"] = loss.Forward(file.Input("images"), file.Input("captions"), hardest) };
    });
}
