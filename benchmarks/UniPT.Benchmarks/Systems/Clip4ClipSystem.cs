using UniPT.Backbones;
using UniPT.Backbones.Clip;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.Lst;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks.Systems;

/// <summary>CLIP4Clip for video–text retrieval: CLIP ViT-B/32 over 12 frames of 224×224, means of frames, the symmetric cross-entropy.</summary>
internal sealed class Clip4ClipSystem : PublishedSystem
{
    private const int Output = 512;
    private const int Frames = 12;
    private const int Words = 32;
    private const int Side = 224;
    private const int End = 49407;
    private readonly TunedBackbone _image;
    private readonly TunedBackbone _text;

    public Clip4ClipSystem(string method, ScalarType precision) : base(method, precision)
    {
        _image = Attach(new ClipVit(Pretrained(), new ClipVitConfig { NormalizesPixels = false }).Streams.Only, "image", Of(method), Output);
        _text = Attach(new ClipText(Pretrained(), new ClipTextConfig()).Streams.Only, "text", Of(method), Output);
    }

    internal override int PublishedBatch => 128;

    internal override string Example => $"{Frames} frames of {Side}×{Side} and a caption of {Words} tokens";

    protected override Dictionary<string, Tensor> Inputs(int batch)
    {
        Tensor tokens = torch.randint(1, End - 1, [batch, Words], dtype: ScalarType.Int64);
        tokens.select(1, Words - 1).fill_(Scalars.Of(End));
        return new() { ["pixels"] = torch.randn(batch * Frames, 3, Side, Side), ["tokens"] = tokens };
    }

    protected override Tensor Loss(IReadOnlyDictionary<string, Tensor> inputs)
    {
        Tensor frames = Means(_image.forward(BackboneInput.Pictures(inputs["pixels"])).Tokens);
        Tensor videos = Unit(Unit(frames).view(-1, Frames, Output).mean([1]));
        Tensor captions = Unit(Means(_text.forward(BackboneInput.Texts(inputs["tokens"])).Tokens));
        Tensor similarity = captions.MatMul(videos.t()) * Scalars.Of(100);
        return (similarity.log_softmax(1).diag().mean() + similarity.t().log_softmax(1).diag().mean()) / Scalars.Of(-2);
    }

    /// <summary>UniPT's form gives one token; of others, what the host pools is the mean.</summary>
    private static Tensor Means(Tensor tokens) => tokens.mean([1]);

    private static Tensor Unit(Tensor vectors) => vectors / vectors.norm(-1, true).clamp_min(Scalars.Of(1e-6));

    private static TuningMethod Of(string method) => method switch
    {
        "adapter" => new AdapterMethod(new AdapterOptions { Reduction = 16 }),
        "lst" => new LstMethod(new LstOptions { Reduction = 8, Heads = 4 }),
        "unipt" => new UniPTMethod(new UniPTOptions { Form = PublishedForm.Clip4clip, Width = 512 }),
        _ => Unchanged(method),
    };
}
