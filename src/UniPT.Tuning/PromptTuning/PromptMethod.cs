using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.PromptTuning;

/// <summary>
/// Prompt tuning (Lester et al., EMNLP 2021, arXiv 2104.08691): learned vectors stand in front of the embedded tokens. They
/// start as the first words of the vocabulary where the backbone has one, else nearly zero.
/// </summary>
public sealed class PromptMethod(PromptOptions options) : TuningMethod
{
    private const double Deviation = 0.02;

    /// <inheritdoc/>
    public override string Name => "prompt";

    /// <inheritdoc/>
    public override bool ChangesHiddenStates => true;

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        Prompt prompt = BackboneAccess.Frozen(stream, Name).Prompt
            ?? throw new UserException($"{Name} is not defined for {stream}: there is no token sequence that a prompt could stand in front of.");
        if (options.Length < 1 || options.Length >= prompt.Positions)
        {
            throw new UserException($"The length of prompt is {options.Length}; " + (prompt.Positions == int.MaxValue
                ? "it must be at least 1."
                : $"{stream} has {prompt.Positions} positions, so it must be from 1 to {prompt.Positions - 1}."));
        }

        if (prompt.Vectors is not null)
        {
            throw new InvalidOperationException("The backbone has a prompt already; open it once for each.");
        }

        Initializer initializer = prompt.Words is { } words
            ? parameter => parameter.copy_(words(options.Length))
            : Initializers.Normal(Deviation);
        prompt.Vectors = weights.Parameter("prompt", initializer, options.Length, prompt.Width);
        return new ProjectedBackbone(stream, weights, output, [], changesHiddenStates: true);
    }
}

/// <summary>What may be chosen about prompt tuning.</summary>
public sealed record PromptOptions
{
    /// <summary>How many vectors stand in front of every sequence; they take positions from it.</summary>
    [OptionRange(1, 8192)]
    public int Length { get; init; } = 20;
}
