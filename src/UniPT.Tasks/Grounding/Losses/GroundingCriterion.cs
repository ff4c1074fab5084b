using UniPT.Tasks.Grounding.Heads;
using UniPT.Tasks.Grounding.Matching;
using UniPT.Torch;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Grounding.Losses;

/// <summary>
/// MDETR's loss (Kamath et al., ICCV 2021): queries are matched with the boxes that should be found, for the prediction and for every auxiliary output anew,
/// and compared with them by the tokens they mean, their boxes and their vectors.
/// </summary>
public sealed class GroundingCriterion(GroundingLossOptions options)
{
    private const double CountEpsilon = 1e-6;

    // Far below any similarity, so that its exponential is 0.
    private const double Unlike = 1e6;
    private readonly BoxMatcher _matcher = new(options);

    /// <summary>The losses of some outputs, such as the auxiliary ones and the prediction.</summary>
    /// <param name="outputs">What queries predict.</param>
    /// <param name="tokens">The tokens' vectors of length 1, <c>[B, N, aligned]</c>, special tokens and padding among them.</param>
    /// <param name="targets">What should be found.</param>
    /// <param name="boxes">
    /// By which number of boxes all is divided, as the mean over machines that share a batch; null for that of the targets. It counts as 1 at least, so that a batch without
    /// boxes has a loss too.
    /// </param>
    /// <param name="padding">1 for tokens that queries are not told apart from, <c>[B, N]</c>; null for none, as published.</param>
    /// <returns>One for each output, of recorded scalars.</returns>
    /// <exception cref="UserException">A prediction is no number, or a picture has more targets than there are queries.</exception>
    public IReadOnlyList<GroundingLoss> Forward(
        IReadOnlyList<GroundingPredictions> outputs, Tensor tokens, GroundingTargets targets, double? boxes = null, Tensor? padding = null)
    {
        double count = Math.Max(1, boxes ?? targets.Boxes.size(0));
        return [.. outputs.Select(output => Of(output, tokens, targets, count, padding))];
    }

    /// <summary>
    /// The parts of losses by what they count, recorded scalars: <c>tokens</c>, <c>boxes</c>, <c>overlap</c> and <c>alignment</c> of the first, which is that of the prediction; those of the others
    /// end in <c>_0</c>, <c>_1</c> and so on.
    /// </summary>
    public IReadOnlyList<LossTerm> Terms(IReadOnlyList<GroundingLoss> losses) =>
    [
        .. losses.Index().SelectMany(output =>
        {
            (string end, GroundingLoss loss) = (output.Index == 0 ? "" : $"_{output.Index - 1}", output.Item);
            return (LossTerm[])
            [
                new($"tokens{end}", loss.Tokens * Scalars.Of(options.TokenWeight)),
                new($"boxes{end}", loss.Boxes * Scalars.Of(options.BoxWeight)),
                new($"overlap{end}", loss.Overlap * Scalars.Of(options.OverlapWeight)),
                new($"alignment{end}", loss.Alignment * Scalars.Of(options.AlignmentWeight)),
            ];
        }),
    ];

    /// <summary>The sum of losses by what their parts count; a recorded scalar.</summary>
    public Tensor Total(IReadOnlyList<GroundingLoss> losses)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.stack([.. Terms(losses).Select(term => term.Value)]).sum());
    }

    /// <summary>1 where a query is to be near a token, <c>[B, Q, N]</c> float32.</summary>
    internal static Tensor AlignmentMap(IReadOnlyList<BoxMatch> matches, GroundingPredictions output, GroundingTargets targets)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (long batch, long queries, long tokens) = (output.Queries.size(0), output.Queries.size(1), targets.Aligned.size(1));
        Tensor map = torch.zeros(batch * queries, tokens, device: output.Queries.device);
        return scope.MoveToOuter(
            map.index_copy(0, Queries(matches, queries, map.device), Rows(targets.Aligned, matches).to(ScalarType.Float32)).view(batch, queries, tokens));
    }

    private GroundingLoss Of(GroundingPredictions output, Tensor tokens, GroundingTargets targets, double count, Tensor? padding)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<BoxMatch> matches = _matcher.Match(output, targets);
        Tensor queries = Queries(matches, output.Boxes.size(1), output.Boxes.device);
        Tensor found = output.Boxes.flatten(0, 1).index_select(0, queries);
        Tensor wanted = Rows(targets.Boxes, matches);
        Tensor overlap = BoxOverlap.GeneralizedIou(BoxOverlap.Corners(found), BoxOverlap.Corners(wanted));
        Tensor[] terms =
        [
            Entropy(output.Logits, queries, Rows(targets.Tokens, matches)) / Scalars.Of(count),
            (found - wanted).abs().sum() / Scalars.Of(count),
            (Scalars.Of(1) - overlap).sum() / Scalars.Of(count),
            Alignment(output.Queries, tokens, AlignmentMap(matches, output, targets), padding) / Scalars.Of(count),
            WrongCount(output.Logits, targets.Counts),
        ];
        scope.MoveToOuter(terms);
        return new GroundingLoss(terms[0], terms[1], terms[2], terms[3], terms[4]);
    }

    /// <summary>Cross-entropy of the tokens that a query means; of one without a box, of the last slot.</summary>
    private Tensor Entropy(Tensor logits, Tensor matched, Tensor wanted)
    {
        Tensor likelihoods = logits.log_softmax(-1).flatten(0, 1);
        Tensor nothing = torch.zeros_like(likelihoods, requires_grad: false);
        nothing.select(1, nothing.size(1) - 1).fill_(Scalars.Of(1));
        Tensor weights = torch.full([nothing.size(0)], Scalars.Of(options.NoObject), dtype: nothing.dtype, device: nothing.device);
        Tensor entropies = (likelihoods * nothing.index_copy(0, matched, wanted.to(nothing.dtype))).sum(-1);
        return -(entropies * weights.index_fill(0, matched, Scalars.Of(1))).sum();
    }

    /// <summary>Contrastive in both directions: of the queries with tokens over all tokens, and of the tokens with queries over all queries.</summary>
    private Tensor Alignment(Tensor queries, Tensor tokens, Tensor map, Tensor? padding)
    {
        Tensor similarities = queries.MatMul(tokens.transpose(1, 2)) / Scalars.Of(options.Temperature);
        Tensor all = padding is null ? similarities : similarities - (padding.unsqueeze(1) * Scalars.Of(Unlike));
        return Direction(similarities, all, map, 2).Add(Direction(similarities, similarities, map, 1)) / Scalars.Of(2);
    }

    private static Tensor Direction(Tensor similarities, Tensor all, Tensor map, long over)
    {
        Tensor counts = map.sum(over);
        Tensor mean = (similarities * map).sum(over) / counts.Add(CountEpsilon);
        return ((all.logsumexp(over) - mean) * counts.gt(Scalars.Of(0))).sum();
    }

    /// <summary>How far the number of queries that mean something is from that of the boxes, in the mean over pictures.</summary>
    private static Tensor WrongCount(Tensor logits, IReadOnlyList<int> counts)
    {
        using IDisposable unrecorded = torch.no_grad();
        Tensor found = logits.argmax(-1).ne(Scalars.Of(logits.size(-1) - 1)).to(ScalarType.Float32).sum(1);
        return (found - TensorData.From([.. counts.Select(count => (float)count)], counts.Count).to(found.device)).abs().mean();
    }

    /// <summary>The places of matched queries among those of the whole batch.</summary>
    private static Tensor Queries(IReadOnlyList<BoxMatch> matches, long queries, Device device) =>
        TensorData.From([.. matches.Select(match => (match.Picture * queries) + match.Query)], matches.Count).to(device);

    /// <summary>The targets' rows in the order of the matches.</summary>
    private static Tensor Rows(Tensor ofTargets, IReadOnlyList<BoxMatch> matches) =>
        ofTargets.index_select(0, TensorData.From([.. matches.Select(match => (long)match.Target)], matches.Count).to(ofTargets.device));
}

/// <summary>The parts of one output's loss, scalars divided by the number of boxes.</summary>
/// <param name="Tokens">Cross-entropy of the tokens that queries mean.</param>
/// <param name="Boxes">Distance of the boxes, the sum over centre, width and height.</param>
/// <param name="Overlap">1 less the generalised intersection over union.</param>
/// <param name="Alignment">Contrastive loss of queries and tokens.</param>
/// <param name="WrongCount">How far the number of queries that mean something is off, for logs; not recorded and no part of the loss.</param>
public sealed record GroundingLoss(Tensor Tokens, Tensor Boxes, Tensor Overlap, Tensor Alignment, Tensor WrongCount);
