using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.Grounding.Heads;
using UniPT.Tasks.Grounding.Inputs;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Tasks.Grounding;

/// <summary>The tuned decoder of an MDETR, and the heads that make boxes of its queries.</summary>
public sealed class GroundingModel : TaskModel
{
    private const string Head = "head";
    private readonly GroundingTask _task;
    private readonly Device _device;
    private readonly Lazy<TextTokenizer> _tokenizer;

    internal GroundingModel(GroundingTask task, ModelParts parts) : base(parts)
    {
        (_task, _device) = (task, task.Recipe.Device.Name());
        Heads = new GroundingHeads(parts.Weights / Head, Joint.Output, task.Options.Slots, task.Options.Aligned);
        HasPretrainedHeads = PretrainedHeads.Start(Trained, $"{Head}.", Joint.Backbone.Store.Path, task.Options.PretrainedHeads);
        _tokenizer = new(() =>
        {
            var tokenizer = TextTokenizer.Open(task.Recipe.Backbones[GroundingTask.Joint]);
            tokenizer.Fit(Joint.Stream);
            return tokenizer;
        });
    }

    /// <summary>The tuned decoder.</summary>
    public TunedBackbone Joint => Tuned[GroundingTask.Joint];

    /// <summary>What makes boxes of its features.</summary>
    public GroundingHeads Heads { get; }

    /// <summary>Whether the heads started from those of the backbone's file.</summary>
    internal bool HasPretrainedHeads { get; }

    /// <summary>The boxes that an expression means, the surest first.</summary>
    /// <param name="picture">The picture, of any size; it is resized as in evaluation.</param>
    /// <param name="text">The expression.</param>
    /// <param name="count">How many at most.</param>
    /// <exception cref="UserException">The text is empty, or longer than the backbone reads.</exception>
    public IReadOnlyList<FoundBox> Find(RgbImage picture, string text, int count = 1)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UserException("The expression is empty; say what to find.");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        var plan = PicturePlan.Plain(_task.Data, picture.Height, picture.Width, default);
        using PaddedPictures pixels = PaddedPictures.Empty([plan]);
        pixels.Put(0, picture, plan);
        Tensor rows = TorchErrors.Explain(() => Inference.Run(() => Rows(Joint.Hidden(GroundingInputs.Join(pixels, [_tokenizer.Value.Encode(text)], _device)))));
        return FoundBox.Ranked(rows.select(0, 0).to(CPU), picture.Width, picture.Height, count);
    }

    /// <summary>What is found in grey that grows brighter, by the first ids of the vocabulary.</summary>
    public override IReadOnlyDictionary<string, Tensor> Probe()
    {
        const int Height = 64;
        const int Width = 96;
        int ids = Math.Min(4, Joint.Backbone.Vocabulary ?? 1);
        using DisposeScope scope = torch.NewDisposeScope();
        BackboneInput texts = BackboneInput.Texts([[.. Enumerable.Range(0, ids)]], _device);
        Tensor pixels = torch.linspace(0, 1, 3 * Height * Width).view(1, 3, Height, Width).to(_device);
        GroundingPredictions found = Predict(Joint.Hidden(new(
            (BackboneInput.PixelsPart, pixels), (BackboneInput.TokensPart, texts[BackboneInput.TokensPart]), (BackboneInput.MaskPart, texts[BackboneInput.MaskPart]))))[0];
        return new Dictionary<string, Tensor> { ["probe.boxes"] = scope.MoveToOuter(found.Rows().select(0, 0)) };
    }

    /// <summary>What is predicted from the last of the decoder's features, then from the auxiliary ones, in the current scope.</summary>
    /// <param name="hidden">As the backbone's method reads them.</param>
    internal IReadOnlyList<GroundingPredictions> Predict(HiddenStates hidden) => Heads.Forward(Joint.Adapt(hidden));

    /// <summary>As <see cref="GroundingPredictions.Rows"/>, <c>[B, Q, 5]</c>, in the current scope.</summary>
    /// <param name="hidden">As the backbone's method reads them.</param>
    internal Tensor Rows(HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Predict(hidden)[0].Rows());
    }
}
