using UniPT.Backbones.ClipVil;
using UniPT.Torch;
using UniPT.Tuning.Adapters;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Lst;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests;

/// <summary>Trained parameters beside and inside Clip-ViL at its published size, without memory for it.</summary>
public sealed class PublishedSizesTests
{
    private const int Width = 768;

    public static TheoryData<string, long> OfClipVil => new()
    {
        { "unipt", 4_736_641 },
        { "lst", 7_402_764 },
        { "adapter", 3_559_680 },
        { "lora", 2_359_296 },
    };

    [Theory]
    [MemberData(nameof(OfClipVil))]
    public void MethodsOfClipVilHaveThePublishedParameters(string name, long expected)
    {
        TuningMethod method = name switch
        {
            "unipt" => new UniPTMethod(new UniPTOptions { Form = PublishedForm.ClipVil, Reduction = 2 }),
            "lst" => new LstMethod(new LstOptions { Reduction = 4, Bias = false }),
            "adapter" => new AdapterMethod(new AdapterOptions { Reduction = 8 }),
            _ => new LoraMethod(new LoraOptions { Rank = 64 }),
        };
        Weights frozen = Weights.Meta();
        using WeightStore first = frozen.Store;
        var backbone = new ClipVilEncoder(frozen, new ClipVilConfig());
        Weights trained = Weights.Meta(trainable: true);
        using WeightStore second = trained.Store;
        using TunedBackbone tuned = method.Attach(backbone.Streams.Only, trained, name is "unipt" or "lst" ? Width : null);
        Assert.Equal(expected, tuned.TrainedParameters().Sum(pair => pair.parameter.numel()));
    }
}
