using UniPT.Tasks.Grounding.Heads;
using UniPT.Tasks.Grounding.Losses;
using UniPT.Tasks.Grounding.Matching;
using UniPT.Tasks.Grounding.Spans;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>MDETR's matching and losses, of the prediction and the auxiliary outputs, with the alignment that the config makes up.</summary>
internal sealed class MdetrCriterionCase : IParityCase
{
    /// <summary>Characters of each made-up text.</summary>
    private const int Characters = 64;

    public string Name => "mdetr-criterion";

    public void Check(GoldenFile file) => ModuleParity.Check(file, _ => Outputs(file));

    private static Dictionary<string, Tensor> Outputs(GoldenFile file)
    {
        var options = new GroundingLossOptions
        {
            NoObject = file.Config.Real("eos_coef"),
            Temperature = file.Config.Real("temperature"),
            TokenCost = file.Config.Real("set_cost_class"),
            BoxCost = file.Config.Real("set_cost_bbox"),
            OverlapCost = file.Config.Real("set_cost_giou"),
            TokenWeight = file.Config.GetProperty("weights").Real("loss_ce"),
            BoxWeight = file.Config.GetProperty("weights").Real("loss_bbox"),
            OverlapWeight = file.Config.GetProperty("weights").Real("loss_giou"),
            AlignmentWeight = file.Config.GetProperty("weights").Real("loss_contrastive_align"),
        };
        GroundingTargets targets = Targets(file);
        var criterion = new GroundingCriterion(options);
        var matcher = new BoxMatcher(options);
        string[] places = ["", "aux.0.", "aux.1.", "aux.2."];
        GroundingPredictions[] predicted = [.. places.Select(place => Predicted(file, place))];
        Tensor tokens = Direction(file.Input("proj_tokens_raw"));
        IReadOnlyList<GroundingLoss> losses = criterion.Forward(predicted, tokens, targets);
        var outputs = new Dictionary<string, Tensor>
        {
            ["total"] = criterion.Total(losses),
            ["cost"] = matcher.Costs(predicted[0], targets),
            ["align_map"] = GroundingCriterion.AlignmentMap(matcher.Match(predicted[0], targets), predicted[0], targets).to(ScalarType.Bool),
        };
        for (int i = 0; i < places.Length; i++)
        {
            string end = i == 0 ? "" : $"_{i - 1}";
            outputs.Add($"loss_ce{end}", losses[i].Tokens);
            outputs.Add($"loss_bbox{end}", losses[i].Boxes);
            outputs.Add($"loss_giou{end}", losses[i].Overlap);
            outputs.Add($"loss_contrastive_align{end}", losses[i].Alignment);
            outputs.Add($"cardinality_error{end}", losses[i].WrongCount);
            IReadOnlyList<BoxMatch> matches = matcher.Match(predicted[i], targets);
            int first = 0;
            for (int picture = 0; picture < targets.Counts.Count; picture++)
            {
                BoxMatch[] own = [.. matches.Where(match => match.Picture == picture)];
                long[] rows = [.. own.Select(match => (long)match.Query), .. own.Select(match => (long)(match.Target - first))];
                outputs.Add($"{places[i]}matched.{picture}", TensorData.From(rows, 2, own.Length));
                first += targets.Counts[picture];
            }
        }

        return outputs;
    }

    private static GroundingTargets Targets(GoldenFile file)
    {
        int tokens = file.Config.Number("T");
        int slots = file.Config.Number("classes");
        (int, int)[][][] spans = [.. file.Config.GetProperty("spans").EnumerateArray()
            .Select(text => text.EnumerateArray().Select(box => box.EnumerateArray().Select(span => (span[0].GetInt32(), span[1].GetInt32())).ToArray()).ToArray())];
        TokenMap[] texts = [.. spans.Select((_, i) => new TokenMap([.. Enumerable.Range(0, Characters).Select(c => c > 0 && c % 7 == 0 ? (int?)null : (c / (3 + i)) + 1)]))];
        float[][] aligned = [.. spans.SelectMany((text, i) => text.Select(box => TokenSpans.Aligned(texts, i, box, tokens)))];
        int[] counts = [.. file.Input("targets_per_image").ToArray<long>().Select(count => (int)count)];
        Assert.Equal(spans.Select(text => text.Length), counts);
        return new GroundingTargets(
            file.Input("target_boxes"), file.Input("positive_map"), TensorData.From([.. aligned.SelectMany(row => row)], aligned.Length, tokens), counts);
    }

    private static GroundingPredictions Predicted(GoldenFile file, string place) => new(
        file.Input($"{place}pred_logits"), file.Input($"{place}pred_boxes_raw").sigmoid(), Direction(file.Input($"{place}proj_queries_raw")));

    private static Tensor Direction(Tensor raw) => nn.functional.normalize(raw, p: 2, dim: -1, eps: 1e-12);
}
