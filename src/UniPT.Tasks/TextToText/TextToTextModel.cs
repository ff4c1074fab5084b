using UniPT.Backbones;
using UniPT.Backbones.T5;
using UniPT.Backbones.Tokenizers;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Texts;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Tasks.TextToText;

/// <summary>A tuned decoder whose features the backbone's own output map turns into scores of the next token.</summary>
public sealed class TextToTextModel : TaskModel
{
    /// <summary>In <see cref="TaskModel.Content"/>: the labels in the order of their indices.</summary>
    internal const string LabelsKey = "labels";

    private const string ProbeText = "A small red bird sang on the roof.";
    private const string SecondProbeText = "Something on the roof was silent.";
    private const int ProbedScores = 256;
    private readonly TextToTextTask _task;
    private readonly TextTokenizer _tokenizer;
    private readonly Device _device;

    internal TextToTextModel(TextToTextTask task, ModelParts parts, TextTokenizer tokenizer) : base(parts)
    {
        (_task, _tokenizer, _device) = (task, tokenizer, task.Recipe.Device.Name());
        Backbone backbone = Text.Backbone is CutBackbone cut ? cut.Whole.Backbone : Text.Backbone;
        Network = backbone as T5Model
            ?? throw new UserException($"The backbone {backbone.Name} writes no text; the task text_to_text needs one that does: t5.");
        if (TrainableParameters == 0)
        {
            throw new UserException($"With these options of {task.Recipe.Method.Name} nothing trains: the task text_to_text has no head of its own.");
        }

        if (task.Target == TextTarget.Classification)
        {
            Labels = Content.TryGetValue(LabelsKey, out IReadOnlyList<string>? labels) && labels.Count > 0
                ? labels
                : throw new UserException("A model of labels needs those that it was trained on; neither the data nor the adapter say them.");
        }

        WrittenLabels = task.Form.Write(Labels);
        _tokenizer.Fit(Network.Streams[BackboneStream.Encoder], task.MaxTokens);
    }

    /// <summary>The labels in the order of their indices; none where numbers or texts are written.</summary>
    public IReadOnlyList<string> Labels { get; } = [];

    /// <summary>The tuned decoder.</summary>
    public TunedBackbone Text => Tuned[TextToTextTask.Text];

    /// <summary>The network.</summary>
    internal T5Model Network { get; }

    /// <summary>The labels as they are written.</summary>
    internal IReadOnlyList<string> WrittenLabels { get; }

    private GenerationOptions Generation => new() { MaxLength = _task.Options.MaxLength, Beams = _task.Options.Beams, Start = Network.Config.Start, End = Network.Config.End, Padding = 0 };

    /// <summary>What the model writes for texts, as <c>task.source</c> puts them, each with its probability.</summary>
    /// <param name="texts">The texts, or the first of each two.</param>
    /// <param name="secondTexts">As many second texts for a model of pairs; null for one of single texts.</param>
    /// <exception cref="UserException">Second texts are missing or given to a model of single texts, or a text is empty.</exception>
    public IReadOnlyList<(string Text, double Probability)> Write(IReadOnlyList<string> texts, IReadOnlyList<string>? secondTexts = null)
    {
        bool pairs = _task.Data.HasPairs;
        if (pairs != secondTexts is not null || (secondTexts is not null && secondTexts.Count != texts.Count))
        {
            throw new UserException($"This model reads {(pairs ? "two texts together" : "single texts")}; it was given {texts.Count} first and {secondTexts?.Count ?? 0} second texts.");
        }

        if (texts.Concat(secondTexts ?? []).Any(string.IsNullOrWhiteSpace))
        {
            throw new UserException("A text is empty; expected words.");
        }

        return texts.Count == 0 ? [] : Encoded([.. texts.Select((text, i) => (text, secondTexts?[i]))], decoding =>
        {
            IReadOnlyList<int[]> written = Generate(decoding);
            double[] probabilities = Probabilities(decoding, [.. written.Select(Ended)]);
            return written.Select((ids, i) => (_tokenizer.Decode(ids), probabilities[i])).ToArray();
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> Probe()
    {
        int[] source = Source(ProbeText, _task.Data.HasPairs ? SecondProbeText : null).Ids;
        Tensor scores = Scores(Text.Hidden(Input([source], [[]])), places: null).select(0, 0);
        return new Dictionary<string, Tensor> { ["probe.text"] = scores.narrow(0, 0, Math.Min(ProbedScores, scores.size(0))) };
    }

    /// <summary>The input of a training step: sources, and what the decoder sees before each token that it is to write.</summary>
    /// <param name="sources">Token ids.</param>
    /// <param name="targets">Token ids, the end token included; the last is what is never seen.</param>
    internal BackboneInput Input(IReadOnlyList<int[]> sources, IReadOnlyList<int[]> targets)
    {
        BackboneInput source = BackboneInput.Texts(sources, _device);
        BackboneInput before = BackboneInput.Texts([.. targets.Select(target => (int[])[Network.Config.Start, .. target.SkipLast(1)])], _device);
        return new BackboneInput(
            (BackboneInput.TokensPart, source.Tokens), (BackboneInput.MaskPart, source.Mask!), (T5Model.DecoderTokensPart, before.Tokens), (T5Model.DecoderMaskPart, before.Mask!));
    }

    /// <summary>Scores of the next token at some places, <c>[places, tokens]</c>, in the current scope.</summary>
    /// <param name="hidden">As the backbone's method reads them.</param>
    /// <param name="places">Which of the tokens <c>[B·M]</c>; null for the last of each row.</param>
    /// <exception cref="UserException">The method does not give a feature for every token.</exception>
    internal Tensor Scores(HiddenStates hidden, Tensor? places)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TunedFeatures features = Text.Adapt(hidden);
        if (features.Direct is not null || features.Tokens.size(1) != hidden.Layers[^1].size(1))
        {
            throw new UserException("The task text_to_text needs a feature for every token that is written; this method, as its options are, gives one for all of them.");
        }

        Tensor read = places is null ? features.Tokens.select(1, -1) : features.Tokens.flatten(0, 1).index_select(0, places);

        // The published tables have rows that stand for no token.
        return scope.MoveToOuter(Network.Logits(read).narrow(1, 0, Math.Min(_tokenizer.Size, Network.Config.Vocabulary)));
    }

    /// <summary>The token ids of a source.</summary>
    internal TokenizedText Source(string text, string? second) => _tokenizer.Read(_task.Source.Write(text, second), null);

    /// <summary>Writes token by token behind what was encoded, for which the encoder ran once.</summary>
    /// <exception cref="UserException">Scores are not numbers.</exception>
    internal IReadOnlyList<int[]> Generate(T5Decoding decoding) => TokenGeneration.Run((int)decoding.Rows, tokens =>
    {
        Tensor scores = Scores(decoding.Forward(tokens, Text.Stream), null);
        return scores.isfinite().all().item<bool>()
            ? scores
            : throw new UserException("What the model gives for texts is not a number any more: training went astray. Lower train.learning_rate.");
    }, Generation, _device);

    /// <summary>The index of the label that an output is; null where it is none.</summary>
    internal int? IndexOf(string written) => WrittenLabels.ToList().IndexOf(written) is >= 0 and int index ? index : null;

    /// <summary>The label that is likeliest to be written.</summary>
    internal int Likeliest(string text, string? second) => Encoded([(text, second)], decoding => OfLabels(decoding).Index().MaxBy(label => label.Item).Index);

    /// <summary>What is written for a text, and behind it other labels by their probability.</summary>
    internal IReadOnlyList<Prediction> Answers(string text, string? second, int count)
    {
        (string written, double probability) = Write([text], second is null ? null : [second])[0];
        int? index = IndexOf(written);
        var first = new Prediction(index is { } known ? Labels[known] : written, probability);
        if (Labels.Count == 0 || count == 1)
        {
            return [first];
        }

        double[] all = Encoded([(text, second)], OfLabels);
        return [first, .. all.Index().Where(label => label.Index != index).OrderByDescending(label => label.Item).Select(label => new Prediction(Labels[label.Index], label.Item)).Take(count - 1)];
    }

    /// <summary>All ids that are to be written, one after the other, and where each stands among the tokens of a padded batch.</summary>
    internal (long[] Ids, Tensor Places) Written(IReadOnlyList<int[]> outputs, long width)
    {
        long[] places = [.. outputs.SelectMany((output, row) => output.Select((_, n) => (row * width) + n))];
        return ([.. outputs.SelectMany(output => output).Select(id => (long)id)], TensorData.From(places, places.Length).to(_device));
    }

    private double[] OfLabels(T5Decoding decoding) => Probabilities(decoding, [.. WrittenLabels.Select(label => _tokenizer.Encode(label))]);

    /// <summary>The probabilities that outputs are written, the same number of them for each text, one behind the other.</summary>
    private double[] Probabilities(T5Decoding decoding, IReadOnlyList<int[]> outputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BackboneInput before = BackboneInput.Texts([.. outputs.Select(output => (int[])[Network.Config.Start, .. output.SkipLast(1)])], _device);
        (long[] ids, Tensor places) = Written(outputs, before.Tokens.size(1));
        Tensor scores = Scores(decoding.Forward(before.Tokens, Text.Stream), places).to(ScalarType.Float32).log_softmax(-1);
        float[] logarithms = scores.gather(1, TensorData.From(ids, ids.Length, 1).to(_device)).to(CPU).ToArray<float>();
        var probabilities = new double[outputs.Count];
        int next = 0;
        for (int i = 0; i < outputs.Count; i++)
        {
            probabilities[i] = Math.Exp(logarithms.AsSpan(next, outputs[i].Length).ToArray().Sum(logarithm => (double)logarithm));
            next += outputs[i].Length;
        }

        return probabilities;
    }

    /// <summary>With the end token, unless the output was cut off before it.</summary>
    private int[] Ended(int[] written) => written.Length < _task.Options.MaxLength - 1 ? [.. written, Network.Config.End] : written;

    private T Encoded<T>(IReadOnlyList<(string Text, string? Second)> texts, Func<T5Decoding, T> compute) => TorchErrors.Explain(() =>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable inference = torch.inference_mode();
        using T5Decoding decoding = Network.Begin(BackboneInput.Texts([.. texts.Select(text => Source(text.Text, text.Second).Ids)], _device));
        return compute(decoding);
    });
}
