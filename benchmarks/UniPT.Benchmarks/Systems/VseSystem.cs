using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.ResNet;
using UniPT.Tasks.Retrieval.Heads;
using UniPT.Tasks.Retrieval.Losses;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.Lst;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks.Systems;

/// <summary>
/// VSE∞ for image–text retrieval: ResNeXt-101 32×8d over pictures of 512×512, BERT-base, a GPO each, the hinge loss. Prompts have no
/// place before a convolution, so that of the pictures is a head then.
/// </summary>
internal sealed class VseSystem : PublishedSystem
{
    private const int Output = 1024;
    private const int Words = 32;
    private const int Side = 512;
    private readonly TunedBackbone _image;
    private readonly TunedBackbone _text;
    private readonly EmbeddingHead _imageHead;
    private readonly EmbeddingHead _textHead;
    private readonly HingeLoss _loss = new(0.2);

    public VseSystem(string method, ScalarType precision) : base(method, precision)
    {
        _image = Attach(new ResNetEncoder(Pretrained(), ResNetConfig.Bottlenecks([3, 4, 23, 3], 32, 8)).Streams.Only, "image", Image(method), Output);
        _text = Attach(new BertEncoder(Pretrained(), new BertConfig { Pooler = false }).Streams.Only, "text", Text(method), Output);
        (_imageHead, _textHead) = (new(new Gpo(Trained / "image" / "gpool")), new(new Gpo(Trained / "text" / "gpool")));
    }

    internal override int PublishedBatch => 112;

    internal override string Example => $"a picture of {Side}×{Side} and a caption of {Words} tokens";

    protected override Dictionary<string, Tensor> Inputs(int batch) => new()
    {
        ["pixels"] = torch.rand(batch, 3, Side, Side),
        ["tokens"] = torch.randint(1000, 30000, [batch, Words], dtype: ScalarType.Int64),
    };

    protected override Tensor Loss(IReadOnlyDictionary<string, Tensor> inputs) => _loss.Forward(
        _imageHead.Forward(_image.forward(BackboneInput.Pictures(inputs["pixels"]))),
        _textHead.Forward(_text.forward(BackboneInput.Texts(inputs["tokens"]))),
        hardest: true);

    private static TuningMethod Image(string method) => method switch
    {
        "adapter" => new AdapterMethod(new AdapterOptions { Reduction = 16 }),
        "prompt" => Unchanged("head"),
        "lst" => new LstMethod(new LstOptions { Reduction = 8, Heads = 4 }),
        "unipt" => new UniPTMethod(new UniPTOptions { Width = 512 }),
        _ => Unchanged(method),
    };

    private static TuningMethod Text(string method) => method switch
    {
        "prompt" => new PromptMethod(new PromptOptions { Length = 30 }),
        "lst" => new LstMethod(new LstOptions { Reduction = 4 }),
        _ => Image(method),
    };
}
