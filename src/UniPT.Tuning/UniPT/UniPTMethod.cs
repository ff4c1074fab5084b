using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.EncoderDecoder;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// Universal Parallel Tuning (Diao et al., CVPR 2024, arXiv 2308.14316) in any of its published forms, beside a backbone of
/// tokens or of maps; beside the decoder of an encoder–decoder it has a second network beside the encoder.
/// </summary>
/// <remarks>
/// How the parts compose, in the words of the paper's section 3:
/// <list type="number">
/// <item>Projection: every hidden state F_i that is read is brought to the network's width, <c>T_i = D_i(F_i)</c>
/// (<see cref="Projections.LayerProjection"/>; the pixels of maps first become cells, <see cref="Cells.MapCells"/>), and the last one is the anchor A.</item>
/// <item>Parallel interaction: the anchor's tokens gather from those of every other layer by similarity, <c>M_i = (rows(A·T_iᵀ) + R)·T_i</c>
/// (<see cref="Interactions.ParallelInteraction"/>), where R adds a token of the layer itself and no layer waits for another.</item>
/// <item>Confidence: each example weighs the layers by how well their mean tokens go with the anchor's, <c>c = softmax_i(w·(mean(A) ⊙ mean(T_i)) + b)</c>
/// (<see cref="Merging.LayerGate"/>).</item>
/// <item>Aggregation: what the layers gave is summed up by these weights, <c>M = Σ c_i·M_i</c> (<see cref="Merging.ConfidenceAggregation"/>), and
/// a projection of the sum is added to the anchor, <c>O = A + proj(M)</c> (<see cref="Merging.LayerMerging"/>).</item>
/// <item>Output: O is brought to the width of the adapted features, <c>Y = up(O)</c> (<see cref="Projections.OutputProjection"/>), and backward goes through
/// these five steps only, never into the backbone.</item>
/// </list>
/// Which variant of each step is taken is an option (<see cref="UniPTOptions"/>); the published forms (<see cref="PublishedForm"/>) are sets of options.
/// </remarks>
public sealed class UniPTMethod(UniPTOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "unipt";

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        // What is decoded token by token must not see later tokens, unless the options say that it may.
        UniPTOptions chosen = stream.IsAutoregressive ? options with { Causal = options.Causal ?? true } : options;
        int width = output ?? (chosen.Resolved.Anchor == AnchorSource.Pooled ? stream.PooledWidth : null) ?? stream.Widths[^1];
        if (UniPTCheck.Problem(chosen, stream, width) is { } problem)
        {
            throw new UserException(problem);
        }

        return stream.Memory is null
            ? new UniPTBackbone(Read(stream), weights, width, chosen)
            : new UniPTEncoderDecoder(stream, weights, width, chosen);
    }

    /// <summary>The hidden states that the network reads.</summary>
    private BackboneStream Read(BackboneStream stream)
    {
        UniPTOptions form = options.Resolved;
        int last = stream.Widths.Count - 1;
        return form.Aggregation == Aggregation.Last
            ? stream.Select(form.Anchor == AnchorSource.LastLayer ? [last - 1, last] : [last])
            : stream;
    }
}
