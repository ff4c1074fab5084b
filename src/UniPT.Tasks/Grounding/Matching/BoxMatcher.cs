using UniPT.Tasks.Grounding.Heads;
using UniPT.Tasks.Grounding.Losses;
using UniPT.Torch;

namespace UniPT.Tasks.Grounding.Matching;

/// <summary>Gives every box that should be found a query of its own, so that all together cost least (MDETR's Hungarian matching).</summary>
public sealed class BoxMatcher(GroundingLossOptions options)
{
    /// <summary>What it costs to give a target to a query, <c>[B, Q, n]</c>, of all pictures' targets; not recorded.</summary>
    public Tensor Costs(GroundingPredictions predictions, GroundingTargets targets)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor boxes = predictions.Boxes.unsqueeze(2);
        Tensor apart = (boxes - targets.Boxes).abs().sum(-1);
        Tensor named = predictions.Logits.softmax(-1).MatMul(targets.Tokens.transpose(0, 1));
        Tensor overlap = BoxOverlap.GeneralizedIou(BoxOverlap.Corners(boxes), BoxOverlap.Corners(targets.Boxes));
        return scope.MoveToOuter(
            (apart * Scalars.Of(options.BoxCost)) - (named * Scalars.Of(options.TokenCost)) - (overlap * Scalars.Of(options.OverlapCost)));
    }

    /// <summary>The queries of the targets, picture by picture, in rising order of the queries.</summary>
    /// <exception cref="UserException">A prediction is no number, or a picture has more targets than there are queries.</exception>
    public IReadOnlyList<BoxMatch> Match(GroundingPredictions predictions, GroundingTargets targets)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (int queries, int all) = ((int)predictions.Boxes.size(1), (int)targets.Boxes.size(0));
        if (predictions.Boxes.size(0) != targets.Counts.Count)
        {
            throw new UserException($"Predictions are of {predictions.Boxes.size(0)} pictures and targets of {targets.Counts.Count}; they must be of the same.");
        }

        float[] costs = Costs(predictions, targets).to(ScalarType.Float32).to(CPU).ToArray<float>();
        var matches = new List<BoxMatch>();
        int first = 0;
        for (int picture = 0; picture < targets.Counts.Count; picture++)
        {
            int count = targets.Counts[picture];
            if (count > queries)
            {
                throw new UserException($"Picture {picture} of a batch has {count} boxes to be found, more than there are queries, {queries}.");
            }

            var own = new double[queries, count];
            for (int query = 0; query < queries; query++)
            {
                for (int target = 0; target < count; target++)
                {
                    own[query, target] = costs[(((picture * queries) + query) * all) + first + target];
                }
            }

            if (own.Cast<double>().Any(cost => !double.IsFinite(cost)))
            {
                throw new UserException($"What is predicted for picture {picture} of a batch has values that are infinite or no numbers (NaN); training diverged, and a lower learning rate may help.");
            }

            matches.AddRange(Assignment.Solve(own)
                .Select((target, query) => (target, query))
                .Where(pair => pair.target >= 0)
                .Select(pair => new BoxMatch(picture, pair.query, first + pair.target)));
            first += count;
        }

        return matches;
    }
}

/// <summary>A query with the target that it is given.</summary>
/// <param name="Picture">The picture's row in the batch.</param>
/// <param name="Query">The query's place in its picture.</param>
/// <param name="Target">The target's row among all pictures'.</param>
public readonly record struct BoxMatch(int Picture, int Query, int Target);
