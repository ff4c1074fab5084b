using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Pretrained;
using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Parity.Tests.Cases;

/// <summary>all-MiniLM-L6-v2 out of its package: every hidden state of the tokens, their mean and the pooler.</summary>
internal sealed class MiniLmCase : IParityCase
{
    public string Name => "bert-minilm";

    public void Check(GoldenFile file)
    {
        var backbone = (BertEncoder)BackboneRegistry.Open("bert", PretrainedModels.WeightsOf("minilm_l6"));
        using WeightStore store = backbone.Store;
        HiddenStates states = backbone.forward(new BackboneInput(file.Read("input.input_ids"), file.Config.Numbers("lengths"))).Only;
        Tensor mask = states.Mask!.unsqueeze(-1);
        for (int i = 0; i < states.Layers.Count; i++)
        {
            // What stands at padding means nothing.
            string name = $"output.hidden.{i}";
            Comparison.Same(file, name, file.Read(name) * mask, states.Layers[i] * mask);
        }

        Tensor mean = states.Mean(states.Layers.Count - 1);
        Comparison.Same(file, "output.mean", mean);
        Comparison.Same(file, "output.embedding", mean / mean.norm(1, true));
        Comparison.Same(file, "output.pooled", backbone.Pool(states));
    }
}
