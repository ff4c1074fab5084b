using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>
/// One direction of one layer of <c>torch.nn.GRU</c> or <c>torch.nn.LSTM</c>, <c>[B, N, input] → [B, N, width]</c>. TorchSharp's own take no weights
/// from outside, and no sequences of different lengths without packing them.
/// </summary>
public sealed class Recurrence : Module
{
    private readonly RecurrentCell _cell;
    private readonly long _width;
    private readonly bool _reverse;
    private readonly Parameter _inputWeight;
    private readonly Parameter _hiddenWeight;
    private readonly Parameter? _inputBias;
    private readonly Parameter? _hiddenBias;

    /// <summary>
    /// Takes <c>weight_ih [G·width, input]</c>, <c>weight_hh [G·width, width]</c>, <c>bias_ih</c> and <c>bias_hh [G·width]</c>, each name followed by
    /// <c>_l{layer}</c> and <c>_reverse</c> for that direction; a GRU has G = 3 gates, an LSTM 4.
    /// </summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="cell">How a step follows from the one before.</param>
    /// <param name="layer">Its number, from 0.</param>
    /// <param name="reverse">Whether it runs from the last step to the first.</param>
    /// <param name="input">Width of what comes in.</param>
    /// <param name="width">Width of the state.</param>
    /// <param name="bias">Whether there are biases.</param>
    public Recurrence(Weights weights, RecurrentCell cell, int layer, bool reverse, long input, long width, bool bias = true) : base(weights)
    {
        Initializer initializer = Initializers.FanIn(width);
        (_cell, _width, _reverse) = (cell, width, reverse);
        long gates = cell.Gates() * width;
        string[] names = NamesOf(layer, reverse, bias);
        _inputWeight = weights.Parameter(names[0], initializer, gates, input);
        _hiddenWeight = weights.Parameter(names[1], initializer, gates, width);
        if (bias)
        {
            _inputBias = weights.Parameter(names[2], initializer, gates);
            _hiddenBias = weights.Parameter(names[3], initializer, gates);
        }
    }

    /// <summary>The names of the parameters: both weights, then both biases if there are any.</summary>
    internal static string[] NamesOf(int layer, bool reverse, bool bias) =>
        [.. new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" }.Take(bias ? 4 : 2).Select(name => $"{name}_l{layer}{(reverse ? "_reverse" : "")}")];

    /// <summary>The states after all steps.</summary>
    /// <param name="input">The steps, <c>[B, N, input]</c>.</param>
    /// <param name="mask">
    /// 1 for steps that count, <c>[B, N]</c>; null where all do. Others are passed over and give 0, as PyTorch's packed sequences do: the way back
    /// starts at the last step that counts.
    /// </param>
    public Tensor Forward(Tensor input, Tensor? mask)
    {
        using DisposeScope scope = torch.NewDisposeScope();

        // All steps' products with the input are one; those with the state follow each other.
        Tensor[] steps = nn.functional.linear(input, _inputWeight, _inputBias).unbind(1);
        Tensor[]? counts = mask?.ne(Scalars.Of(0)).unsqueeze(-1).unbind(1);
        Tensor state = torch.zeros(input.size(0), _width, dtype: input.dtype, device: input.device);
        Tensor? memory = _cell == RecurrentCell.Lstm ? state : null;
        var states = new Tensor[steps.Length];
        for (int n = 0; n < steps.Length; n++)
        {
            int i = _reverse ? steps.Length - 1 - n : n;
            (state, memory) = Next(steps[i], state, memory, counts?[i]);
            states[i] = state;
        }

        Tensor all = torch.stack(states, 1);
        return scope.MoveToOuter(mask is null ? all : all.masked_fill(mask.eq(Scalars.Of(0)).unsqueeze(-1), Scalars.Of(0)));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => Forward(input, null);

    private (Tensor State, Tensor? Memory) Next(Tensor step, Tensor state, Tensor? memory, Tensor? counts)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] given = step.split(_width, 1);
        Tensor[] held = nn.functional.linear(state, _hiddenWeight, _hiddenBias).split(_width, 1);
        if (memory is null)
        {
            return (scope.MoveToOuter(Kept(GatedUnit(given, held, state), state)), null);
        }

        (Tensor next, Tensor remembered) = LongShortTerm(given, held, memory);
        return (scope.MoveToOuter(Kept(next, state)), scope.MoveToOuter(Kept(remembered, memory)));

        Tensor Kept(Tensor now, Tensor before) => counts is null ? now : torch.where(counts, now, before);
    }

    // Reset, update and new gate stand side by side in this order.
    private static Tensor GatedUnit(Tensor[] given, Tensor[] held, Tensor state)
    {
        Tensor reset = given[0].Add(held[0]).sigmoid();
        Tensor update = given[1].Add(held[1]).sigmoid();
        Tensor fresh = given[2].Add(reset * held[2]).tanh();
        return fresh.Add(update * (state - fresh));
    }

    // Input, forget, cell and output gate stand side by side in this order.
    private static (Tensor State, Tensor Memory) LongShortTerm(Tensor[] given, Tensor[] held, Tensor memory)
    {
        Tensor taken = given[0].Add(held[0]).sigmoid() * given[2].Add(held[2]).tanh();
        Tensor remembered = taken.Add(given[1].Add(held[1]).sigmoid() * memory);
        return (given[3].Add(held[3]).sigmoid() * remembered.tanh(), remembered);
    }
}

/// <summary>How a step of a recurrent network follows from the one before.</summary>
public enum RecurrentCell
{
    /// <summary>Gated recurrent unit (Cho et al., arXiv 1406.1078), as <c>torch.nn.GRU</c>.</summary>
    Gru,

    /// <summary>Long short-term memory (Hochreiter and Schmidhuber, 1997), as <c>torch.nn.LSTM</c>.</summary>
    Lstm,
}

/// <summary>What a cell consists of.</summary>
internal static class RecurrentCells
{
    /// <summary>How many gates stand side by side in its weights.</summary>
    internal static int Gates(this RecurrentCell cell) => cell == RecurrentCell.Gru ? 3 : 4;
}
