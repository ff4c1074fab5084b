using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Backbones.Whisper;
using UniPT.Tasks.Shared.Classification;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Tasks.Sounds;

/// <summary>A tuned audio stream, pooled, and a linear map to the labels' scores.</summary>
public sealed class SoundsModel : TaskModel
{
    /// <summary>In <see cref="TaskModel.Content"/>: the labels in the order of the scores.</summary>
    internal const string LabelsKey = "labels";

    private readonly SoundInputs _inputs;
    private readonly PooledHead _head;

    internal SoundsModel(SoundsTask task, ModelParts parts) : base(parts)
    {
        Labels = Content.TryGetValue(LabelsKey, out IReadOnlyList<string>? labels) && labels.Count > 0
            ? labels
            : throw new UserException("A model of sounds needs the labels that it was trained on; neither the data nor the adapter say them.");
        _inputs = new SoundInputs(task.Data, task.Recipe.Device.Name());
        _head = new PooledHead(parts.Weights / "head", Audio.Output, Labels.Count, task.Options.Dropout);
    }

    /// <summary>The labels in the order of <see cref="Predict"/>.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The tuned stream.</summary>
    public TunedBackbone Audio => Tuned[SoundsTask.Audio];

    /// <summary>The probabilities of <see cref="Labels"/> for each recording.</summary>
    /// <param name="recordings">Of any rate and length.</param>
    /// <exception cref="UserException">A recording has no samples.</exception>
    public IReadOnlyList<float[]> Predict(IReadOnlyList<Recording> recordings)
    {
        if (recordings.Any(recording => recording.Samples.Length == 0))
        {
            throw new UserException("A recording has no samples; expected a sound of some length.");
        }

        if (recordings.Count == 0)
        {
            return [];
        }

        float[] flat = TorchErrors.Explain(() =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return Inference.Run(() => Forward(Audio.Hidden(_inputs.Batch(recordings)))).softmax(1).to(CPU).ToArray<float>();
        });
        return [.. flat.Chunk(Labels.Count)];
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> Probe() => new Dictionary<string, Tensor>
    {
        ["probe.audio"] = Forward(Audio.Hidden(_inputs.Batch([RisingTone()]))).select(0, 0),
    };

    /// <summary>Scores of the labels before the softmax, <c>[B, labels]</c>, in the current scope.</summary>
    /// <param name="hidden">As the backbone's method reads them.</param>
    internal Tensor Forward(HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(_head.Forward(Audio.Adapt(hidden)));
    }

    /// <summary>Half a second from 200 to 2,000 Hz.</summary>
    private static Recording RisingTone()
    {
        const int Count = LogMelSpectrogram.Rate / 2;
        return new Recording([.. Enumerable.Range(0, Count).Select(i => (double)i / LogMelSpectrogram.Rate).Select(t => (float)(0.5 * Math.Sin(2 * Math.PI * t * (200 + (1800 * t)))))], LogMelSpectrogram.Rate);
    }
}
