using UniPT.Torch;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.Reference;

/// <summary>
/// The parallel network with the options of the studies, written as their definitions read: every layer on its own, nothing
/// computed again, all recorded.
/// </summary>
internal sealed class StudiedNetwork(IReadOnlyDictionary<string, Tensor> state, UniPTOptions form)
{
    private const double Epsilon = 1e-8;

    /// <summary>Adapted features <c>[B, Q, output]</c>.</summary>
    /// <param name="layers">Tokens, cells or pixels <c>[B, N, C]</c>, all that are read.</param>
    /// <param name="mask">1 for valid tokens <c>[B, N]</c>; null where all are.</param>
    /// <param name="pooled">The backbone's pooled output, for the form that reads it.</param>
    /// <param name="place">The token that is the residual then, <c>[B, 1, N]</c>.</param>
    public Tensor Forward(IReadOnlyList<Tensor> layers, Tensor? mask = null, Tensor? pooled = null, Tensor? place = null)
    {
        Tensor[] all = [.. layers.Select((layer, i) => Bring($"downsample_layers.{i}", layer, layers.Max(other => other.size(-1))))];
        Tensor anchor = form.Anchor switch
        {
            AnchorSource.LastLayer => all[^1],
            AnchorSource.MeanOfLayers => all.Aggregate((sum, layer) => sum.Add(layer)) / Scalars.Of(all.Length),
            _ => Bring("downsample_layer", pooled!.unsqueeze(1), 0),
        };
        Tensor[] targets = form.Anchor == AnchorSource.LastLayer ? all[..^1] : all;
        targets = form.AcrossLayers ? [.. targets.Select((_, i) => WithNeighbours(targets, i, mask))] : targets;
        Tensor[] gathered = [.. targets.Select(target => form.Residual switch
        {
            MergeResidual.Identity => Gather("interaction", anchor, target, mask).Add(target),
            MergeResidual.None => Gather("interaction", anchor, target, mask),
            _ => Gather("interaction", anchor, target, mask).Add(place!.MatMul(target)),
        })];
        Tensor shares = Shares(anchor, targets, mask);
        Tensor merged = gathered.Select((features, i) => features * shares.narrow(1, i, 1).unsqueeze(-1)).Aggregate((sum, features) => sum.Add(features));
        merged = form.MergedMap == MergedMap.None ? merged : Bring("projection_layer", merged, 0);
        Tensor side = form.Anchor == AnchorSource.Pooled ? merged : anchor.Add(merged);
        Tensor features = state.ContainsKey("upsample_layer.1.weight") ? Linear("upsample_layer.1", form.UpRelu is true ? side.relu() : side) : side;
        return pooled is null ? features : pooled.unsqueeze(1).Add(features);
    }

    /// <summary>To the network's width.</summary>
    private Tensor Bring(string name, Tensor tokens, long widest)
    {
        if (form.LayerMap == LayerMap.None)
        {
            return nn.functional.pad(tokens, [0, widest - tokens.size(-1)]);
        }

        if (form.LayerMap == LayerMap.ReluLinear)
        {
            return Linear($"{name}.1", tokens.relu());
        }

        Tensor linear = Linear($"{name}.0", tokens);
        (Tensor weight, Tensor bias) = (state[$"{name}.1.weight"], state[$"{name}.1.bias"]);
        return state[$"{name}.0.weight"].ndim == 4
            ? nn.functional.batch_norm(linear.flatten(0, 1), null, null, weight, bias, true, 0.1, 1e-5).view(linear.shape)
            : nn.functional.layer_norm(linear, [linear.size(-1)], weight, bias, 1e-5);
    }

    private Tensor WithNeighbours(Tensor[] targets, int index, Tensor? mask)
    {
        Tensor[] neighbours = [.. new[] { index - 1, index + 1 }.Where(i => i >= 0 && i < targets.Length).Select(i => targets[i])];
        return targets[index].Add(torch.stack([.. neighbours.Select(other => Gather("neighbours", targets[index], other, mask))]).mean([0]));
    }

    private Tensor Gather(string name, Tensor queries, Tensor target, Tensor? mask) => form.Interaction switch
    {
        Interaction.ReluL1 => Relative(Similarity(queries, target), mask).MatMul(target),
        Interaction.Softmax => Softmax(Similarity(queries, target), mask).MatMul(target),
        Interaction.Attention => Attend(name, queries, target, mask),
        _ => queries.detach().zeros_like(),
    };

    private static Tensor Similarity(Tensor queries, Tensor keys) => queries.MatMul(keys.transpose(1, 2));

    private Tensor Relative(Tensor similarity, Tensor? mask)
    {
        Tensor valid = (mask is null ? similarity : similarity * mask.unsqueeze(1)).relu();
        double epsilon = form.EpsilonUse == EpsilonUse.Added ? Epsilon : 0;
        return valid / valid.sum(-1, true).Add(epsilon).clamp_min(Scalars.Of(form.EpsilonUse == EpsilonUse.Added ? 0 : form.Epsilon!.Value));
    }

    private static Tensor Softmax(Tensor similarity, Tensor? mask) =>
        (mask is null ? similarity : similarity.masked_fill(mask.unsqueeze(1).eq(Scalars.Of(0)), Scalars.Of(double.NegativeInfinity))).softmax(-1);

    private Tensor Attend(string name, Tensor queries, Tensor target, Tensor? mask)
    {
        (Tensor query, Tensor key, Tensor value) = (Linear($"{name}.query", queries), Linear($"{name}.key", target), Linear($"{name}.value", target));
        int count = form.Heads!.Value;
        long width = query.size(-1) / count;
        Tensor Head(Tensor tokens, int head) => tokens.narrow(-1, head * width, width);
        Tensor[] heads = [.. Enumerable.Range(0, count).Select(head =>
            Softmax(Similarity(Head(query, head), Head(key, head)) / Scalars.Of(Math.Sqrt(width)), mask).MatMul(Head(value, head)))];
        return Linear($"{name}.output", torch.cat(heads, -1));
    }

    /// <summary><c>[B, L]</c>.</summary>
    private Tensor Shares(Tensor anchor, Tensor[] targets, Tensor? mask)
    {
        Tensor equal = torch.ones(anchor.size(0), targets.Length);
        Tensor Mean(Tensor tokens) => mask is null || tokens.size(1) != mask.size(1) ? tokens.mean([1]) : (tokens * mask.unsqueeze(-1)).sum(1) / mask.sum(1, true);
        Tensor query = Mean(anchor);
        Tensor Gates(Tensor vector) => torch.cat([.. targets.Select(target => Linear("gate_layer", vector * Mean(target)))], 1).softmax(1);
        return form.Aggregation switch
        {
            Aggregation.Confidence => Gates(query),
            Aggregation.Task => Gates(query.Add(state["gate_layer.task"])),
            Aggregation.Similarity => torch.cat([.. targets.Select(Mean).Select(mean => (query * mean).sum(-1, true) / (query.norm(-1, true) * mean.norm(-1, true)))], 1).softmax(1),
            Aggregation.Learned => equal * state["gate_layer.constants"].softmax(0),
            Aggregation.Sum => equal,
            _ => equal / Scalars.Of(targets.Length),
        };
    }

    private Tensor Linear(string name, Tensor input) => nn.functional.linear(input, state[$"{name}.weight"].flatten(1), state[$"{name}.bias"]);
}
