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

        using TensorScope scope = TensorScope.Begin();
        Tensor anchor = Project($"downsample_layers.{hidden.Count - 1}", hidden[^1]);
        Tensor[] targets = [.. hidden.SkipLast(1).Select((layer, i) => Project($"downsample_layers.{i}", layer))];
        Tensor merged = Merge(anchor, targets, mask);
        return scope.HandOut(Linear("upsample_layer.1", (anchor + Project("projection_layer", merged)).Relu()));
    }

    /// <summary>Maps <c>[B, C, H, W]</c>, the anchor last; batch statistics.</summary>
    public Tensor Image(IReadOnlyList<Tensor> maps)
    {
        Tensor Project(string name, Tensor map) => Scoped(() => BatchNorm($"{name}.1", Convolution($"{name}.0", map)));

        using TensorScope scope = TensorScope.Begin();
        Tensor top = maps[^1];
        Tensor anchor = Project($"downsample_layers.{maps.Count - 1}", top);
        Tensor[] targets = [.. maps.SkipLast(1).Select((map, i) => Scoped(() => Tokens(Project($"downsample_layers.{i}", PoolCells(i, map, top)))))];
        Tensor merged = Merge(Tokens(anchor), targets, null).Transpose(1, 2).Reshape(anchor.Shape);
        return scope.HandOut(Tokens(Convolution("upsample_layer.1", (anchor + Project("projection_layer", merged)).Relu())));
    }

    /// <summary>CLIP4Clip's: hidden states <c>[B, N, D]</c>, CLIP's embedding <c>[B, E]</c>, the place <c>[B, 1, N]</c> of the token that is added.</summary>
    public Tensor Video(IReadOnlyList<Tensor> hidden, Tensor embedding, Tensor? mask, Tensor place)
    {
        Tensor Project(string name, Tensor tokens) => Scoped(() => Linear($"{name}.1", tokens.Relu()));

        using TensorScope scope = TensorScope.Begin();
        Tensor query = Project("downsample_layer", embedding.Unsqueeze(1));
        var merged = new List<Tensor>();
        var scores = new List<Tensor>();
        for (int i = 0; i < hidden.Count; i++)
        {
            Tensor target = Project($"downsample_layers.{i}", hidden[i]);
            Tensor similarity = query.MatMul(target.Transpose(1, 2));
            similarity = (mask is null ? similarity : similarity * mask.Unsqueeze(1)).Relu();
            merged.Add((similarity / similarity.Sum(-1, true).ClampMin(epsilon)).MatMul(target) + place.MatMul(target));
            Tensor mean = mask is null ? target.Mean(1) : (target * mask.Unsqueeze(-1)).Sum(1) / mask.Sum(1, true).ClampMin(1);
            scores.Add(Linear("gate_layer", query.Squeeze(1) * mean));
        }

        Tensor confidence = Tensor.Stack([.. scores], 1).Softmax(1).Unsqueeze(-1);
        return scope.HandOut(embedding.Unsqueeze(1) + Project("upsample_layer", (Tensor.Stack([.. merged], 1) * confidence).Sum(1)));
    }

    /// <summary>CLIP-ViL's: hidden states <c>[B, N, D]</c>, the anchor last; mask <c>[B, N]</c>.</summary>
    public Tensor Answering(IReadOnlyList<Tensor> hidden, Tensor? mask)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor Project(int layer) => Scoped(() => LayerNorm($"downsample_layers.{layer}.1", Linear($"downsample_layers.{layer}.0", hidden[layer])));
        Tensor anchor = Project(hidden.Count - 1);
        Tensor merged = Merge(anchor, [.. Enumerable.Range(0, hidden.Count - 1).Select(Project)], mask);
        Tensor side = LayerNorm("projection_layer.3", Linear("projection_layer.2", Linear("projection_layer.0", merged).Relu()));
        return scope.HandOut(Linear("upsample_layer.1", anchor + side));
    }

    /// <summary>What a function's locals hold dies with it, as in Python.</summary>
    private static Tensor Scoped(Func<Tensor> function)
    {
        using TensorScope scope = TensorScope.Begin();
        return scope.HandOut(function());
    }

    private static Tensor Tokens(Tensor map) => map.Flatten(2).Transpose(1, 2);

    private Tensor PoolCells(int layer, Tensor map, Tensor top)
    {
        using TensorScope scope = TensorScope.Begin();
        (long batch, long channels, long height, long width) = (map.Size(0), map.Size(1), map.Size(2), map.Size(3));
        (long rows, long columns) = (height / top.Size(2), width / top.Size(3));

        // Pixels beside each other in their cells: [B, C, cells down, rows, cells across, columns].
        Tensor Cells(Tensor x) => x.View(batch, -1, top.Size(2), rows, top.Size(3), columns);

        Tensor query = Scoped(() => Convolution($"identity_layers.{layer}.0", top).Relu().ResizeNearest(height, width));
        Tensor similarity = Scoped(() => Cells((query * map).Sum(1, true)).Relu());
        Tensor weights = (similarity / (similarity.Sum([3, 5], true) + epsilon)) + (1.0 / (rows * columns));
        return scope.HandOut((weights * Cells(map)).View(batch, channels, height, width).AvgPool2d(rows, columns) * (rows * columns));
    }

    private Tensor Merge(Tensor anchor, Tensor[] targets, Tensor? mask)
    {
        Tensor Mean(Tensor tokens) => Scoped(() => mask is null
            ? tokens.Mean(1)
            : (tokens * mask.Unsqueeze(-1)).Sum(1) / mask.Sum(1, true));

        Tensor Interact(Tensor target)
        {
            Tensor similarity = anchor.MatMul(target.Transpose(1, 2));
            similarity = (mask is null ? similarity : similarity * mask.Unsqueeze(1)).Relu();
            Tensor attention = similarity / (similarity.Sum(-1, true) + epsilon);
            return (attention + Tensor.Eye(anchor.Size(1))).MatMul(target);
        }

        using TensorScope scope = TensorScope.Begin();
        Tensor[] merged = [.. targets.Select(target => Scoped(() => Interact(target)))];
        Tensor[] scores = [.. targets.Select(target => Scoped(() => Linear("gate_layer", Mean(anchor) * Mean(target))))];
        Tensor confidence = Tensor.Stack(scores, 1).Softmax(1).Unsqueeze(-1);
        return scope.HandOut((Tensor.Stack(merged, 1) * confidence).Sum(1));
    }

    private Tensor Linear(string name, Tensor input) => input.Linear(state[$"{name}.weight"], state[$"{name}.bias"]);

    private Tensor LayerNorm(string name, Tensor input) => input.LayerNorm(state[$"{name}.weight"], state[$"{name}.bias"], 1e-5);

    private Tensor Convolution(string name, Tensor input) => input.Conv2d(state[$"{name}.weight"], state[$"{name}.bias"]);

    private Tensor BatchNorm(string name, Tensor input)
    {
        (Tensor weight, Tensor bias) = (state[$"{name}.weight"], state[$"{name}.bias"]);
        if (input.Size(0) > 1)
        {
            return input.BatchNorm(weight, bias, null, null, true, 0.1, 1e-5);
        }

        // Written out, because libtorch 1.13's own backward is wrong at batch size 1.
        Tensor centred = input - input.Mean([0, 2, 3], true);
        Tensor normal = centred * ((centred * centred).Mean([0, 2, 3], true) + 1e-5).Rsqrt();
        return (normal * weight.View(1, -1, 1, 1)) + bias.View(1, -1, 1, 1);
    }
}
