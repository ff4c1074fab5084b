using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Heads;
using UniPT.Tuning;

namespace UniPT.Tasks.Retrieval.Model;

/// <summary>One side of a retrieval model: a tuned backbone and the head that makes one vector of its features.</summary>
public sealed class RetrievalTower(TunedBackbone tuned, EmbeddingHead head)
{
    /// <summary>The backbone with its method.</summary>
    public TunedBackbone Tuned { get; } = tuned;

    /// <summary>Unit vectors <c>[B, embedding]</c> of an input.</summary>
    /// <param name="input">Pixels or token ids.</param>
    /// <param name="random">In training, where the dropping of tokens draws from.</param>
    public Tensor Embed(BackboneInput input, Random? random = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Embed(Tuned.Hidden(input), random));
    }

    /// <summary>Unit vectors <c>[B, embedding]</c> of hidden states.</summary>
    public Tensor Embed(HiddenStates hidden, Random? random = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(head.Forward(Tuned.Adapt(hidden), random));
    }
}
