using UniPT.Training.Contracts;

namespace UniPT.Tasks.Questions.Inputs;

/// <summary>The prepared questions of a step.</summary>
/// <param name="examples">Their places in the training split.</param>
/// <param name="parts">Those of one shape of picture each; none where hidden states are kept.</param>
internal sealed class QuestionBatch(int[] examples, IReadOnlyList<QuestionPart> parts) : PreparedBatch
{
    /// <summary>Their places in the training split.</summary>
    internal int[] Examples { get; } = examples;

    /// <summary>Those of one shape of picture each.</summary>
    internal IReadOnlyList<QuestionPart> Parts { get; } = parts;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, int[]> Inputs => new Dictionary<string, int[]> { [QuestionsTask.Joint] = Examples };

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (QuestionPart part in Parts)
        {
            part.Pictures.Dispose();
        }

        base.Dispose();
    }
}

/// <summary>Questions about pictures of one shape.</summary>
/// <param name="Examples">Their places in the training split.</param>
/// <param name="Pictures">Bytes <c>[B, 3, H, W]</c>.</param>
internal sealed record QuestionPart(int[] Examples, Tensor Pictures);
