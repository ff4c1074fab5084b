using UniPT.Tasks.Grounding.Matching;
using UniPT.Tasks.Grounding.Spans;
using UniPT.Torch;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Grounding.Inputs;

/// <summary>The prepared expressions of a step.</summary>
/// <param name="examples">Their places in the training split.</param>
/// <param name="pictures">Their pictures; owned.</param>
/// <param name="ids">Token ids of each.</param>
/// <param name="boxes">Centre, width and height of each box as shares of the picture's, <c>4</c> numbers after the other.</param>
/// <param name="tokens">Which tokens each box is called by, <c>slots</c> numbers after the other.</param>
/// <param name="aligned">Which tokens each box is compared with, as many numbers after the other as the longest expression has tokens.</param>
internal sealed class GroundingBatch(int[] examples, PaddedPictures pictures, int[][] ids, float[] boxes, float[] tokens, float[] aligned) : PreparedBatch
{
    /// <summary>Their pictures.</summary>
    internal PaddedPictures Pictures { get; } = pictures;

    /// <summary>Token ids of each.</summary>
    internal int[][] Ids { get; } = ids;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, int[]> Inputs => new Dictionary<string, int[]> { [GroundingTask.Joint] = examples };

    /// <summary>What should be found, in the current scope.</summary>
    internal GroundingTargets Targets(Device device) => new(
        TensorData.From(boxes, Ids.Length, 4).to(device),
        TensorData.From(tokens, Ids.Length, tokens.Length / Ids.Length).to(device),
        TensorData.From(aligned, Ids.Length, aligned.Length / Ids.Length).to(device),
        [.. Ids.Select(_ => 1)]);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Pictures.Dispose();
        base.Dispose();
    }

    /// <summary>Makes one.</summary>
    /// <param name="options">What tokens are the targets.</param>
    /// <param name="examples">Places in the training split.</param>
    /// <param name="pictures">Their pictures; owned.</param>
    /// <param name="plans">How these were resized.</param>
    /// <param name="texts">Their expressions.</param>
    internal static GroundingBatch Of(GroundingOptions options, int[] examples, PaddedPictures pictures, IReadOnlyList<PicturePlan> plans, IReadOnlyList<PlacedExpression> texts)
    {
        TokenMap[] maps = [.. texts.Select(text => text.Map)];
        int longest = texts.Max(text => text.Ids.Length);
        return new(
            examples,
            pictures,
            [.. texts.Select(text => text.Ids)],
            [.. plans.SelectMany(plan => plan.Box.Shares(plan.Width, plan.Height))],
            [.. texts.SelectMany(text => TokenSpans.Positive(text.Map, text.Spans, options.Slots, normalized: !options.WholeTokenTargets))],
            [.. texts.SelectMany((text, i) => TokenSpans.Aligned(maps, i, text.Spans, longest, options.FirstTextLookups))]);
    }
}

/// <summary>An expression as tokens.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="Map">Which token each character belongs to.</param>
/// <param name="Spans">The characters that name the box.</param>
internal sealed record PlacedExpression(int[] Ids, TokenMap Map, IReadOnlyList<(int Start, int End)> Spans);
