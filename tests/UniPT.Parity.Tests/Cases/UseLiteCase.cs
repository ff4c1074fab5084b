using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Backbones.UseLite;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Every intermediate state of USE Lite on a padded batch, and the embedding of a text that is cut.</summary>
internal sealed class UseLiteCase : IParityCase
{
    public string Name => "use_lite";

    public void Check(GoldenFile file)
    {
        Weights weights = Weights.Open(Path.Combine(RepositoryPaths.Models, "use_lite.safetensors"));
        using WeightStore store = weights.Store;
        var encoder = new UseLiteEncoder(weights);
        store.EnsureAllUsed();
        int[] lengths = file.Read("lengths").ToArray<int>();
        Tensor ids = file.Read("ids").to(ScalarType.Int64);
        HiddenStates states = encoder.forward(new BackboneInput(ids, lengths)).Only;
        Tensor mask = states.Mask!.unsqueeze(-1);
        Tensor keys = AttentionMask.Keys(TokenMask.From(lengths, ids.size(1)), 4)!;
        for (int i = 0; i < states.Layers.Count; i++)
        {
            Comparison.Same(file, $"hidden{i}", states.Layers[i]);
        }

        for (int i = 0; i < encoder.Layers.Count; i++)
        {
            Comparison.Same(file, $"attn{i}", encoder.Layers[i].Attend(states.Layers[i], keys) * mask);
        }

        Comparison.Same(file, "pooled", UseLiteEncoder.Pool(states));
        Comparison.Same(file, "embedding", encoder.Embed(states));
        if (file.Has("long.ids"))
        {
            HiddenStates cut = encoder.forward(new BackboneInput(file.Read("long.ids").to(ScalarType.Int64))).Only;
            Comparison.Same(file, "long.embedding", encoder.Embed(cut));
        }
    }
}
