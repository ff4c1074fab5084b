using UniPT.Torch;

namespace UniPT.Tuning.Tests.Reference;

/// <summary>
/// The published networks of VSE∞, CLIP4Clip and CLIP-ViL, written as their equations read: one layer after the other, the anchor's query
/// up-sampled to every map. Parameters by the reference's names.
/// </summary>
internal sealed class PublishedNetwork(IReadOnlyDictionary<string, Tensor> state, double epsilon = 1e-8)
{
    /// <summary>Hidden states <c>[B, N, D]</c>, the anchor last; mask <c>[B, N]</c>.</summary>
    public Tensor Text(IReadOnlyList<Tensor> hidden, Tensor? mask)
    {
        Tensor Project(string name, Tensor tokens) => Scoped(() => LayerNorm($"{name}.1", Linear($"{name}.0", tokens)));

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor anchor = Project($"downsample_layers.{hidden.Count - 1}", hidden[^1]);
        Tensor[] targets = [.. hidden.SkipLast(1).Select((layer, i) => Project($"downsample_layers.{i}", layer))];
        Tensor merged = Merge(anchor, targets, mask);
        return scope.MoveToOuter(Linear("upsample_layer.1", (anchor + Project("projection_layer", merged)).relu()));
    }

    /// <summary>Maps <c>[B, C, H, W]</c>, the anchor last; batch statistics.</summary>
    public Tensor Image(IReadOnlyList<Tensor> maps)
    {
        Tensor Project(string name, Tensor map) => Scoped(() => BatchNorm($"{name}.1", Convolution($"{name}.0", map)));

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor top = maps[^1];
        Tensor anchor = Project($"downsample_layers.{maps.Count - 1}", top);
        Tensor[] targets = [.. maps.SkipLast(1).Select((map, i) => Scoped(() => Tokens(Project($"downsample_layers.{i}", PoolCells(i, map, top)))))];
        Tensor merged = Merge(Tokens(anchor), targets, null).transpose(1, 2).reshape(anchor.shape);
        return scope.MoveToOuter(Tokens(Convolution("upsample_layer.1", (anchor + Project("projection_layer", merged)).relu())));
    }

    /// <summary>CLIP4Clip's: hidden states <c>[B, N, D]</c>, CLIP's embedding <c>[B, E]</c>, the place <c>[B, 1, N]</c> of the token that is added.</summary>
    public Tensor Video(IReadOnlyList<Tensor> hidden, Tensor embedding, Tensor? mask, Tensor place)
    {
        Tensor Project(string name, Tensor tokens) => Scoped(() => Linear($"{name}.1", tokens.relu()));

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor query = Project("downsample_layer", embedding.unsqueeze(1));
        var merged = new List<Tensor>();
        var scores = new List<Tensor>();
        for (int i = 0; i < hidden.Count; i++)
        {
            Tensor target = Project($"downsample_layers.{i}", hidden[i]);
            Tensor similarity = query.MatMul(target.transpose(1, 2));
            similarity = (mask is null ? similarity : similarity * mask.unsqueeze(1)).relu();
            merged.Add((similarity / similarity.sum(-1, true).clamp_min(Scalars.Of(epsilon))).MatMul(target) + place.MatMul(target));
            Tensor mean = mask is null ? target.mean([1]) : (target * mask.unsqueeze(-1)).sum(1) / mask.sum(1, true).clamp_min(Scalars.Of(1));
            scores.Add(Linear("gate_layer", query.squeeze(1) * mean));
        }

        Tensor confidence = torch.stack([.. scores], 1).softmax(1).unsqueeze(-1);
        return scope.MoveToOuter(embedding.unsqueeze(1) + Project("upsample_layer", (torch.stack([.. merged], 1) * confidence).sum(1)));
    }

    /// <summary>CLIP-ViL's: hidden states <c>[B, N, D]</c>, the anchor last; mask <c>[B, N]</c>.</summary>
    public Tensor Answering(IReadOnlyList<Tensor> hidden, Tensor? mask)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor Project(int layer) => Scoped(() => LayerNorm($"downsample_layers.{layer}.1", Linear($"downsample_layers.{layer}.0", hidden[layer])));
        Tensor anchor = Project(hidden.Count - 1);
        Tensor merged = Merge(anchor, [.. Enumerable.Range(0, hidden.Count - 1).Select(Project)], mask);
        Tensor side = LayerNorm("projection_layer.3", Linear("projection_layer.2", Linear("projection_layer.0", merged).relu()));
        return scope.MoveToOuter(Linear("upsample_layer.1", anchor + side));
    }

    /// <summary>What a function's locals hold dies with it, as in Python.</summary>
    private static Tensor Scoped(Func<Tensor> function)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(function());
    }

    private static Tensor Tokens(Tensor map) => map.flatten(2).transpose(1, 2);

    private Tensor PoolCells(int layer, Tensor map, Tensor top)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (long batch, long channels, long height, long width) = (map.size(0), map.size(1), map.size(2), map.size(3));
        (long rows, long columns) = (height / top.size(2), width / top.size(3));

        // Pixels beside each other in their cells: [B, C, cells down, rows, cells across, columns].
        Tensor Cells(Tensor x) => x.view(batch, -1, top.size(2), rows, top.size(3), columns);

        Tensor query = Scoped(() => nn.functional.interpolate(Convolution($"identity_layers.{layer}.0", top).relu(), [height, width]));
        Tensor similarity = Scoped(() => Cells((query * map).sum(1, true)).relu());
        Tensor weights = (similarity / (similarity.sum([3, 5], true) + Scalars.Of(epsilon))) + Scalars.Of(1.0 / (rows * columns));
        return scope.MoveToOuter(nn.functional.avg_pool2d((weights * Cells(map)).view(batch, channels, height, width), (rows, columns)) * Scalars.Of(rows * columns));
    }

    private Tensor Merge(Tensor anchor, Tensor[] targets, Tensor? mask)
    {
        Tensor Mean(Tensor tokens) => Scoped(() => mask is null
            ? tokens.mean([1])
            : (tokens * mask.unsqueeze(-1)).sum(1) / mask.sum(1, true));

        Tensor Interact(Tensor target, Tensor identity)
        {
            Tensor similarity = anchor.MatMul(target.transpose(1, 2));
            similarity = (mask is null ? similarity : similarity * mask.unsqueeze(1)).relu();
            Tensor attention = similarity / (similarity.sum(-1, true) + Scalars.Of(epsilon));
            return (attention + identity).MatMul(target);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor identity = torch.eye(anchor.size(1));
        var merged = new List<Tensor>();
        var scores = new List<Tensor>();
        foreach (Tensor target in targets)
        {
            merged.Add(Scoped(() => Interact(target, identity)));
            scores.Add(Scoped(() => Linear("gate_layer", Mean(anchor) * Mean(target))));
        }

        Tensor confidence = torch.stack([.. scores], 1).softmax(1).unsqueeze(-1);
        return scope.MoveToOuter((torch.stack([.. merged], 1) * confidence).sum(1));
    }

    private Tensor Linear(string name, Tensor input) => nn.functional.linear(input, state[$"{name}.weight"], state[$"{name}.bias"]);

    private Tensor LayerNorm(string name, Tensor input) => nn.functional.layer_norm(input, [input.size(-1)], state[$"{name}.weight"], state[$"{name}.bias"], 1e-5);

    private Tensor Convolution(string name, Tensor input) => nn.functional.conv2d(input, state[$"{name}.weight"], state[$"{name}.bias"]);

    private Tensor BatchNorm(string name, Tensor input)
    {
        (Tensor weight, Tensor bias) = (state[$"{name}.weight"], state[$"{name}.bias"]);
        if (input.size(0) > 1)
        {
            return nn.functional.batch_norm(input, null, null, weight, bias, true, 0.1, 1e-5);
        }

        // Written out, because libtorch's own backward is wrong at batch size 1.
        Tensor centred = input - input.mean([0, 2, 3], true);
        Tensor normal = centred * ((centred * centred).mean([0, 2, 3], true) + Scalars.Of(1e-5)).rsqrt();
        return (normal * weight.view(1, -1, 1, 1)) + bias.view(1, -1, 1, 1);
    }
}
