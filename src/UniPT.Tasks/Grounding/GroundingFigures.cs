using UniPT.Tasks.Grounding.Data;
using UniPT.Tasks.Grounding.Metrics;
using UniPT.Torch;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Grounding;

/// <summary>The figures of grounding: precision@1, 5 and 10, the first box's overlap, and precision@1 of each data set and of each of two test splits.</summary>
internal static class GroundingFigures
{
    private const string All = "";
    private static readonly int[] Ks = [1, 5, 10];

    /// <summary>Those that an evaluation may give; a part that the data lack is left out of it.</summary>
    internal static IReadOnlyList<FigureDefinition> Of(GroundingOptions options, GroundingDataOptions data)
    {
        string group = $"Precision, {(options.GeneralizedIou ? "generalised IoU" : "IoU")} ≥ 0.5";
        return
        [
            .. Ks.Select(k => new FigureDefinition($"p{k}", $"P@{k}", group)
            {
                Unit = FigureUnit.Percent,
                IsPrimary = k == 1,
                ShortTitle = k == 1 ? "P@1" : null,
                Meaning = k == 1 ? "share of the expressions whose box is the first that is found" : null,
            }),
            new("mean_iou", "Mean IoU", "First box") { Unit = FigureUnit.Percent, Meaning = "intersection over union of the first box with the right one, in the mean" },
            .. Parts(data).Select(part => new FigureDefinition($"p1_{part.Key}", part.Title, "P@1 of") { Unit = FigureUnit.Percent }),
        ];
    }

    /// <summary>What a model's boxes reach.</summary>
    /// <param name="options">How boxes count.</param>
    /// <param name="data">Which parts have figures of their own.</param>
    /// <param name="expressions">What was looked for.</param>
    /// <param name="rows">What was found, as <see cref="Heads.GroundingPredictions.Rows"/>, <c>[n, Q, 5]</c>.</param>
    /// <exception cref="UserException">It is no number.</exception>
    internal static IReadOnlyDictionary<string, double> Measure(GroundingOptions options, GroundingDataOptions data, IReadOnlyList<Expression> expressions, Tensor rows)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor found = rows.to(CPU);
        if (!found.isfinite().all().item<bool>())
        {
            throw new UserException("What the model gives for expressions is not a number any more: training went astray. Lower train.learning_rate.");
        }

        var precision = new PrecisionAtK(Ks) { UsesGeneralizedIou = options.GeneralizedIou };
        (string Key, string Title, Func<Expression, bool> Has)[] parts = [.. Parts(data)];
        double overlap = 0;
        foreach ((int i, Expression expression) in expressions.Index())
        {
            using DisposeScope step = torch.NewDisposeScope();
            IReadOnlyList<FoundBox> ranked = FoundBox.Ranked(found.select(0, i), expression.Width, expression.Height, Ks[^1]);
            Tensor scores = TensorData.From([.. ranked.Select(box => (float)box.Score)], ranked.Count);
            Tensor boxes = TensorData.From([.. ranked.SelectMany(box => Numbers(box.Box))], ranked.Count, 4);
            Tensor wanted = TensorData.From(Numbers(expression.Box), 4);
            overlap += BoxOverlap.Iou(boxes.select(0, 0), wanted).Item();
            foreach (string key in parts.Where(part => part.Has(expression)).Select(part => part.Key).Prepend(All))
            {
                precision.Add(key, scores, boxes, wanted);
            }
        }

        IReadOnlyDictionary<string, double[]> figures = precision.Figures;
        return Ks.Select((k, i) => KeyValuePair.Create($"p{k}", 100 * figures[All][i]))
            .Append(KeyValuePair.Create("mean_iou", 100 * overlap / expressions.Count))
            .Concat(parts.Where(part => figures.ContainsKey(part.Key)).Select(part => KeyValuePair.Create($"p1_{part.Key}", 100 * figures[part.Key][0])))
            .ToDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<(string Key, string Title, Func<Expression, bool> Has)> Parts(GroundingDataOptions data)
    {
        foreach (ReferringDataSet set in data.Dataset is { } one ? [one] : Enum.GetValues<ReferringDataSet>())
        {
            (string key, string title) = data.Dataset is null ? ($"{set.Key()}_", $"{set.Title()} ") : ("", "");
            if (data.Dataset is null)
            {
                yield return (set.Key(), set.Title(), expression => expression.Set == set);
            }

            if (set.HasTwoTests() && data.Test == TestPart.Both)
            {
                yield return ($"{key}test_a", $"{title}testA", expression => expression.Set == set && expression.Part == "testA");
                yield return ($"{key}test_b", $"{title}testB", expression => expression.Set == set && expression.Part == "testB");
            }
        }
    }

    private static float[] Numbers(PixelBox box) => [(float)box.Left, (float)box.Top, (float)box.Right, (float)box.Bottom];
}
