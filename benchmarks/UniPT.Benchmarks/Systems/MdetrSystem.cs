using UniPT.Backbones;
using UniPT.Backbones.Mdetr;
using UniPT.Tasks.Grounding.Heads;
using UniPT.Tasks.Grounding.Losses;
using UniPT.Tasks.Grounding.Matching;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.Lst;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks.Systems;

/// <summary>
/// MDETR for referring expressions: ResNet-101 over a picture of 800×1066, RoBERTa, the encoder of both and the decoder of 100 queries; one box a
/// picture is to be found. What a method adds stands beside or inside the decoder. SHERL is not defined here.
/// </summary>
internal sealed class MdetrSystem : PublishedSystem
{
    private const int Words = 12;
    private const int Height = 800;
    private const int Width = 1066;
    private const int Slots = 256;

    // The hidden states that the authors merge, and the last.
    private static readonly int[] Merged = [1, 3, 5, 6];
    private readonly TunedBackbone _decoder;
    private readonly GroundingHeads _heads;
    private readonly GroundingCriterion _criterion = new(new GroundingLossOptions());

    public MdetrSystem(string method, ScalarType precision) : base(method, precision)
    {
        BackboneStream decoder = new MdetrModel(Pretrained(), MdetrConfig.ResNet101).Streams[BackboneStream.Decoder];
        _decoder = Attach(method == "unipt" ? decoder.Select(Merged, memoryLayers: Merged) : decoder, "decoder", Of(method), null);
        _heads = new GroundingHeads(Trained);
    }

    internal override int PublishedBatch => 8;

    internal override string Example => $"a picture of {Height}×{Width} and an expression of {Words} tokens";

    protected override Dictionary<string, Tensor> Inputs(int batch)
    {
        Tensor positive = torch.zeros(batch, Slots);
        positive.narrow(1, 1, 3).fill_(Scalars.Of(1.0 / 3));
        Tensor aligned = torch.zeros(batch, Words);
        aligned.narrow(1, 1, 3).fill_(Scalars.Of(1));
        return new()
        {
            [BackboneInput.PixelsPart] = torch.rand(batch, 3, Height, Width),
            [BackboneInput.TokensPart] = torch.randint(100, 50000, [batch, Words], dtype: ScalarType.Int64),
            ["boxes"] = torch.rand(batch, 4) * Scalars.Of(0.4) + Scalars.Of(0.2),
            ["positive"] = positive,
            ["aligned"] = aligned,
        };
    }

    protected override Tensor Loss(IReadOnlyDictionary<string, Tensor> inputs)
    {
        Tensor pixels = inputs[BackboneInput.PixelsPart];
        HiddenStates hidden = _decoder.Hidden(new BackboneInput((BackboneInput.PixelsPart, pixels), (BackboneInput.TokensPart, inputs[BackboneInput.TokensPart])));
        var targets = new GroundingTargets(inputs["boxes"], inputs["positive"], inputs["aligned"], [.. Enumerable.Repeat(1, (int)pixels.size(0))]);
        return _criterion.Total(_criterion.Forward(_heads.Forward(_decoder.Adapt(hidden)), _heads.Tokens(hidden, Words), targets));
    }

    private static TuningMethod Of(string method) => method switch
    {
        "adapter" => new AdapterMethod(new AdapterOptions { Reduction = 8 }),
        "prompt" => new PromptMethod(new PromptOptions { Length = 40 }),
        "lst" => new LstMethod(new LstOptions { Reduction = 4 }),
        "unipt" => new UniPTMethod(new UniPTOptions { Form = PublishedForm.Mdetr, Width = 128 }),
        _ => Unchanged(method),
    };
}
