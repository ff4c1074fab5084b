using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>
/// CLIP's attention pooling: the mean of a map's cells attends to itself and to the cells, each with its position, <c>[B, C, H, W] → [B, output]</c>.
/// </summary>
internal sealed class ClipAttentionPool : Module
{
    private readonly Tensor _positions;
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _output;
    private readonly int _heads;

    /// <summary>Takes <c>positional_embedding</c> and <c>q_proj, k_proj, v_proj, c_proj</c>.</summary>
    internal ClipAttentionPool(Weights weights, ClipResNetConfig config) : base(weights)
    {
        (int width, _heads) = (config.Channels, config.Heads);
        Initializer normal = Initializers.Normal(1 / Math.Sqrt(width));
        _positions = weights.Parameter("positional_embedding", normal, (config.Grid * config.Grid) + 1, width);
        _query = Projection("q_proj", width);
        _key = Projection("k_proj", width);
        _value = Projection("v_proj", width);
        _output = Projection("c_proj", config.Output);
        weights.Exclude("positional_embedding");

        Linear Projection(string name, int output)
        {
            Weights place = weights / name;
            place.Exclude("weight", "bias");
            return new Linear(place, width, output, initializer: normal);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor cells = input.flatten(2).transpose(1, 2);
        Tensor tokens = torch.cat([cells.mean([1], true), cells], 1).Add(_positions);
        Tensor context = nn.functional.scaled_dot_product_attention(
            Heads(_query.forward(tokens.narrow(1, 0, 1))), Heads(_key.forward(tokens)), Heads(_value.forward(tokens)));
        return _output.forward(context.flatten(1));
    }

    /// <summary>By head, <c>[B, N, D] → [B, heads, N, D/heads]</c>.</summary>
    private Tensor Heads(Tensor projected) => projected.view(projected.size(0), -1, _heads, projected.size(2) / _heads).transpose(1, 2);
}
