using UniPT.Backbones;
using UniPT.Backbones.ClipVil;
using UniPT.Backbones.Media;
using UniPT.Tasks.Questions.Inputs;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Tasks.Questions;

/// <summary>
/// A tuned joint stream of question and picture, of which the first token goes through the pooler of the backbone, where it has one that is Clip-ViL's, into
/// <see cref="AnswerHead"/>. The pooler stays frozen, unless all of the backbone trains.
/// </summary>
public sealed class QuestionsModel : TaskModel
{
    /// <summary>In <see cref="TaskModel.Content"/>: the table of answers in the order of the scores.</summary>
    internal const string AnswersKey = "answers";

    private const string Head = "logit_fc";
    private const string ProbeText = "what color is the small circle on the left?";
    private readonly QuestionInputs _inputs;
    private readonly AnswerHead _head;

    internal QuestionsModel(QuestionsTask task, ModelParts parts, TextTokenizer tokenizer) : base(parts)
    {
        Answers = Content.TryGetValue(AnswersKey, out IReadOnlyList<string>? answers) && answers.Count > 0
            ? answers
            : throw new UserException("A model of questions needs the answers that it was trained on; neither the data nor the adapter say them.");
        Device device = task.Recipe.Device.Name();
        tokenizer.Fit(Joint.Stream, task.Data.QuestionTokens);
        _inputs = new QuestionInputs(task.Data, tokenizer, device);
        _head = new AnswerHead(parts.Weights / Head, Joint.Output, Answers.Count);
        Joint.Backbone.TrainPooled();
    }

    /// <summary>The table of answers in the order of <see cref="Predict"/>.</summary>
    public IReadOnlyList<string> Answers { get; }

    /// <summary>The tuned stream.</summary>
    public TunedBackbone Joint => Tuned[QuestionsTask.Joint];

    /// <summary>The weights of the answer head by their names in it.</summary>
    internal IReadOnlyDictionary<string, Tensor> HeadWeights => Trained.State().Where(pair => pair.Key.StartsWith($"{Head}.", StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key[(Head.Length + 1)..], pair => pair.Value, StringComparer.Ordinal);

    /// <summary>How likely each of <see cref="Answers"/> is right, each on its own: they do not add up to 1.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="question">The question.</param>
    /// <exception cref="UserException">The question is empty.</exception>
    public float[] Predict(RgbImage picture, string question)
    {
        if (string.IsNullOrWhiteSpace(question))
        {
            throw new UserException("The question is empty; ask something about the picture.");
        }

        return TorchErrors.Explain(() =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return Inference.Run(() => Logits(picture, question)).sigmoid().to(CPU).ToArray<float>();
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> Probe() => new Dictionary<string, Tensor>
    {
        ["probe.across"] = Logits(ProbePicture.Of(80, 60), ProbeText),
        ["probe.upright"] = Logits(ProbePicture.Of(60, 80), ProbeText),
    };

    /// <summary>Logits of the answers, <c>[B, answers]</c>, in the current scope.</summary>
    /// <param name="hidden">As the backbone's method reads them.</param>
    internal Tensor Forward(HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TunedFeatures features = Joint.Adapt(hidden);
        Tensor first = features.Tokens.narrow(1, 0, 1);
        Tensor read = features.Direct is { } direct ? first.Add(direct.unsqueeze(1)) : first;
        Tensor pooled = Joint.Backbone is ClipVilEncoder encoder ? encoder.Pool(read) : read.select(1, 0);
        return scope.MoveToOuter(_head.forward(pooled));
    }

    private Tensor Logits(RgbImage picture, string question)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor bytes = _inputs.Canvas.Empty(1, picture.Width <= picture.Height);
        _inputs.Canvas.Draw(picture, bytes.select(0, 0));
        return scope.MoveToOuter(Forward(Joint.Hidden(_inputs.Batch(bytes, [question.Trim()]))).select(0, 0));
    }
}
