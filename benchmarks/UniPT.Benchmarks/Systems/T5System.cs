using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Backbones.T5;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.BitFit;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Lst;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.Sherl;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks.Systems;

/// <summary>
/// T5-base for GLUE, with the options of the released LST and SHERL: texts are 128 tokens, what is decoded is a label of 4. UniPT, in its derived form, has the width
/// and the layers of LST.
/// </summary>
internal sealed class T5System : PublishedSystem
{
    private const int Words = 128;
    private const int LabelTokens = 4;
    private static readonly OptionList<int> OfBase = [1, 5, 9];
    private readonly T5Model _model;
    private readonly TunedBackbone _decoder;

    public T5System(string method, ScalarType precision) : this(method, precision, T5Config.Base, OfBase, null)
    {
    }

    private T5System(string method, ScalarType precision, T5Config config, OptionList<int> dropped, Device? device) : base(method, precision, device)
    {
        _model = new T5Model(Pretrained(), config);
        BackboneStream decoder = _model.Streams[BackboneStream.Decoder];
        int[] kept = [.. Enumerable.Range(0, decoder.Widths.Count).Except(dropped)];
        _decoder = Attach(method == "unipt" ? decoder.Select(kept, memoryLayers: kept) : decoder, "decoder", Of(method, dropped), null);
    }

    /// <summary>The same beside so many blocks of encoder and decoder as wide as those of a published size, of which no method leaves any out.</summary>
    internal static T5System OfDepth(string method, T5Config config, int layers, Device? device = null) =>
        new(method, ScalarType.Float32, config with { Layers = layers, DecoderLayers = layers }, [], device);

    internal override int PublishedBatch => 100;

    internal override string Example => $"a text of {Words} tokens and a label of {LabelTokens}";

    protected override Dictionary<string, Tensor> Inputs(int batch) => new()
    {
        [BackboneInput.TokensPart] = torch.randint(100, 32000, [batch, Words], dtype: ScalarType.Int64),
        ["labels"] = torch.randint(100, 32000, [batch, LabelTokens], dtype: ScalarType.Int64),
    };

    protected override Tensor Loss(IReadOnlyDictionary<string, Tensor> inputs)
    {
        Tensor labels = inputs["labels"];
        TunedFeatures features = _decoder.forward(new BackboneInput(
            (BackboneInput.TokensPart, inputs[BackboneInput.TokensPart]), (T5Model.DecoderTokensPart, _model.DecoderTokens(labels))));
        return nn.functional.cross_entropy(_model.Logits(features.Tokens).flatten(0, 1), labels.flatten());
    }

    private static TuningMethod Of(string method, OptionList<int> dropped) => method switch
    {
        "adapter" => new AdapterMethod(new AdapterOptions { Reduction = 16, Activation = Activation.GeluTanh, Norms = true }),
        "lora" => new LoraMethod(new LoraOptions { Rank = 32, Alpha = 32, Dropout = 0.1, Biases = TrainedBiases.Added }),
        "bitfit" => new BitFitMethod(new BitFitOptions { Biases = TrainedBiases.Added }),
        "prompt" => new PromptMethod(new PromptOptions { Length = 100 }),
        "lst" => new LstMethod(new LstOptions { Reduction = 8, Dropped = dropped }),
        "sherl" => new SherlMethod(new SherlOptions { Reduction = 8, Dropped = dropped }),
        "unipt" => new UniPTMethod(new UniPTOptions { Form = PublishedForm.T5Derived, Reduction = 8 }),
        _ => Unchanged(method),
    };
}
