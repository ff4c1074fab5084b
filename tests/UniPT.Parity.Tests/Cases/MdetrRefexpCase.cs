using UniPT.Tasks.Grounding.Heads;
using UniPT.Tasks.Grounding.Metrics;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>MDETR's predictions in pixels, and the precision of referring expressions by the generalised intersection over union.</summary>
internal sealed class MdetrRefexpCase : IParityCase
{
    public string Name => "mdetr-refexp";

    public void Check(GoldenFile file)
    {
        Tensor boxes = file.Input("pred_boxes");
        var predicted = new GroundingPredictions(file.Input("pred_logits"), boxes, boxes);
        (Tensor scores, Tensor pixels) = (predicted.Scores(), predicted.PixelBoxes(file.Input("target_sizes")));
        Comparison.Same(file, "output.scores", scores);
        Comparison.Same(file, "output.boxes", pixels);

        Tensor wanted = file.Input("gt_xywh").clone();
        wanted.narrow(1, 2, 2).Add_(wanted.narrow(1, 0, 2));
        long[] sets = file.Input("dataset_of_image").ToArray<long>();
        var precision = new PrecisionAtK(file.Config.Numbers("k")!) { Threshold = file.Config.Real("thresh_iou") };
        for (int i = 0; i < sets.Length; i++)
        {
            precision.Add($"{sets[i]}", scores.select(0, i), pixels.select(0, i), wanted.select(0, i));
        }

        float[] figures = [.. Enumerable.Range(0, 3).SelectMany(set => precision.Figures[$"{set}"]).Select(figure => (float)figure)];
        Comparison.Same(file, "output.precision", TensorData.From(figures, 3, precision.Figures["0"].Length));
    }
}
