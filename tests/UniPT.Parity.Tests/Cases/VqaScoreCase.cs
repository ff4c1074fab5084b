using UniPT.Tasks.Questions;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Clip-ViL's loss, answers and accuracy.</summary>
internal sealed class VqaScoreCase : IParityCase
{
    public string Name => "vqa-score";

    public void Check(GoldenFile file) => ModuleParity.Check(file, _ =>
    {
        (Tensor logits, Tensor targets) = (file.Input("logits"), file.Input("target"));
        double scale = file.Config.Real("loss_scale");
        AnswerScore score = AnswerScore.Of(logits, targets);
        return new Dictionary<string, Tensor>
        {
            // The loop divides by the steps whose gradients it adds up.
            ["loss"] = new AnswerLoss(scale == 1 ? null : scale).Forward(logits, targets) / Scalars.Of(file.Config.Number("gradient_accumulation_steps")),
            ["loss_unscaled"] = new AnswerLoss(1).Forward(logits, targets),
            ["prediction"] = TensorData.From(score.Answers.ToArray()),
            ["accuracy"] = torch.tensor(score.Accuracy),
        };
    });
}
