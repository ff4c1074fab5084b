using UniPT.Backbones;
using UniPT.Backbones.ClipVil;
using UniPT.Tasks.Questions;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Lst;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks.Systems;

/// <summary>
/// Clip-ViL for visual question answering: CLIP's RN50x4 over a picture of 640×384, whose cells and a question's tokens go through 12 layers together; the first
/// token is classified into the answers of VQAv2.
/// </summary>
internal sealed class ClipVilSystem : PublishedSystem
{
    private const int Width = 768;
    private const int Words = 20;
    private const int Answers = 3129;
    private readonly ClipVilEncoder _encoder;
    private readonly TunedBackbone _joint;
    private readonly AnswerHead _head;
    private readonly AnswerLoss _loss = new();

    public ClipVilSystem(string method, ScalarType precision) : base(method, precision)
    {
        _encoder = new ClipVilEncoder(Pretrained(), new ClipVilConfig());
        _joint = Attach(_encoder.Streams.Only, "joint", Of(method), null);
        _head = new AnswerHead(Trained / "logit_fc", Width, Answers);
    }

    internal override int PublishedBatch => 32;

    internal override string Example => $"a picture of 640×384 and a question of {Words} tokens";

    protected override Dictionary<string, Tensor> Inputs(int batch) => new()
    {
        [BackboneInput.PixelsPart] = torch.rand(batch, 3, 640, 384),
        [BackboneInput.TokensPart] = torch.randint(1000, 30000, [batch, Words], dtype: ScalarType.Int64),
        ["answers"] = torch.rand(batch, Answers),
    };

    protected override Tensor Loss(IReadOnlyDictionary<string, Tensor> inputs)
    {
        TunedFeatures features = _joint.forward(new BackboneInput(
            (BackboneInput.PixelsPart, inputs[BackboneInput.PixelsPart]), (BackboneInput.TokensPart, inputs[BackboneInput.TokensPart])));
        return _loss.Forward(_head.forward(_encoder.Pool(features.Tokens)), inputs["answers"]);
    }

    private static TuningMethod Of(string method) => method switch
    {
        "adapter" => new AdapterMethod(new AdapterOptions { Reduction = 8 }),
        "lora" => new LoraMethod(new LoraOptions { Rank = 64 }),
        "prompt" => new PromptMethod(new PromptOptions { Length = 40 }),
        "lst" => new LstMethod(new LstOptions { Reduction = 4, Bias = false }),
        "unipt" => new UniPTMethod(new UniPTOptions { Form = PublishedForm.ClipVil, Reduction = 2 }),
        _ => Unchanged(method),
    };
}
