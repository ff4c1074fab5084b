using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Heads;
using UniPT.Tuning;

namespace UniPT.Parity.Tests.Cases;

/// <summary>From text hidden states to the embedding: UniPT's network, GPO and L2 normalisation.</summary>
internal sealed class VseTextHeadCase : IParityCase
{
    public string Name => "vse-text-head";

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        TunedFeatures features = UniPTVse.Features(UniPTVse.Build(file, weights / "side_tuning_module", HiddenLayout.Tokens));
        Gpo pooling = GpoCase.Build(file, weights / "gpool");
        return new Dictionary<string, Tensor>
        {
            ["embedding"] = new EmbeddingHead(pooling, epsilon: file.Config.Real("l2_eps")).Forward(features),
            ["pool_weights"] = pooling.RankWeights(TokenMask.Lengths(features.Mask!)!).unsqueeze(-1),
        };
    });
}
