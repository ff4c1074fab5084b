using System.Globalization;
using UniPT.Backbones;
using UniPT.Backbones.Tokenizers;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Tasks.Texts;

/// <summary>A tuned text stream, pooled, and a linear map to the labels' scores or to one number.</summary>
public sealed class TextsModel : TaskModel
{
    /// <summary>In <see cref="TaskModel.Content"/>: the labels in the order of the scores.</summary>
    internal const string LabelsKey = "labels";

    /// <summary>In <see cref="TaskModel.Content"/>: mean and standard deviation of the numbers of the training split.</summary>
    internal const string ScaleKey = "mean and deviation";

    private const string ProbeText = "A small red bird sang on the roof.";
    private const string SecondProbeText = "Something on the roof was silent.";
    private readonly TextTokenizer _tokenizer;
    private readonly PooledHead _head;
    private readonly bool _hasPairs;
    private readonly Device _device;

    internal TextsModel(TextsTask task, ModelParts parts, TextTokenizer tokenizer) : base(parts)
    {
        (_tokenizer, _hasPairs, _device) = (tokenizer, task.Data.HasPairs, task.Recipe.Device.Name());
        if (task.Target == TextTarget.Classification)
        {
            Labels = Kept(LabelsKey);
        }
        else
        {
            double[] scale = [.. Kept(ScaleKey).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            (Mean, Deviation) = (scale[0], scale[1]);
        }

        _head = new PooledHead(parts.Weights / "head", Text.Output, Math.Max(1, Labels.Count), task.Options.Dropout, first: task.Options.Pooling == TextPooling.First);
        _tokenizer.Fit(Text.Stream, task.Data.MaxTokens, _hasPairs ? _tokenizer.FewestOfPair + 2 : null);

        IReadOnlyList<string> Kept(string key) => Content.TryGetValue(key, out IReadOnlyList<string>? values) && values.Count > 0
            ? values
            : throw new UserException($"A model of texts needs the {key} of what it was trained on; neither the data nor the adapter say them.");
    }

    /// <summary>The labels in the order of <see cref="Predict"/>; none for regression.</summary>
    public IReadOnlyList<string> Labels { get; } = [];

    /// <summary>The tuned stream.</summary>
    public TunedBackbone Text => Tuned[TextsTask.Text];

    /// <summary>The mean of the numbers of the training split.</summary>
    internal double Mean { get; }

    /// <summary>Their standard deviation.</summary>
    internal double Deviation { get; } = 1;

    /// <summary>What is predicted of texts: of each the probabilities of <see cref="Labels"/>, or the number alone.</summary>
    /// <param name="texts">The texts, or the first of each two.</param>
    /// <param name="secondTexts">As many second texts for a model of pairs; null for one of single texts.</param>
    /// <exception cref="UserException">Second texts are missing or given to a model of single texts, or a text is empty.</exception>
    public IReadOnlyList<float[]> Predict(IReadOnlyList<string> texts, IReadOnlyList<string>? secondTexts = null)
    {
        if (_hasPairs != secondTexts is not null || (secondTexts is not null && secondTexts.Count != texts.Count))
        {
            throw new UserException(
                $"This model reads {(_hasPairs ? "two texts together" : "single texts")}; it was given {texts.Count} first and {secondTexts?.Count ?? 0} second texts.");
        }

        if (texts.Concat(secondTexts ?? []).Any(string.IsNullOrWhiteSpace))
        {
            throw new UserException("A text is empty; expected words.");
        }

        if (texts.Count == 0)
        {
            return [];
        }

        float[] flat = TorchErrors.Explain(() =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor output = Inference.Run(() => Forward(Text.Hidden(Input(texts, secondTexts))));
            return (Labels.Count > 0 ? output.softmax(1) : Number(output)).to(CPU).ToArray<float>();
        });
        return [.. flat.Chunk(flat.Length / texts.Count)];
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> Probe() => new Dictionary<string, Tensor>
    {
        ["probe.text"] = Forward(Text.Hidden(Input([ProbeText], _hasPairs ? [SecondProbeText] : null))).select(0, 0),
    };

    /// <summary>Scores of the labels before the softmax <c>[B, labels]</c>, or numbers on the scale of the loss <c>[B, 1]</c>, in the current scope.</summary>
    /// <param name="hidden">As the backbone's method reads them.</param>
    internal Tensor Forward(HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(_head.Forward(Text.Adapt(hidden)));
    }

    /// <summary>Numbers as the data have them, of those on the scale of the loss.</summary>
    internal Tensor Number(Tensor scaled) => (scaled * Scalars.Of(Deviation)).Add(Mean);

    private BackboneInput Input(IReadOnlyList<string> texts, IReadOnlyList<string>? seconds)
    {
        TokenizedText[] read = [.. texts.Select((text, i) => _tokenizer.Read(text, seconds?[i]))];
        return TextsData.Batch(read, _device);
    }
}
