using UniPT.Tuning.Adapters;
using UniPT.Tuning.BitFit;
using UniPT.Tuning.Full;
using UniPT.Tuning.Head;
using UniPT.Tuning.Ia3;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Lst;
using UniPT.Tuning.NormTuning;
using UniPT.Tuning.Partial;
using UniPT.Tuning.PrefixTuning;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.Sherl;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>That methods fit post-norm and pre-norm, fused and separate, masked and causal Transformers alike.</summary>
public sealed class TransformerHostsTests
{
    private const int Width = SmallBackbones.Width;
    private const int Layers = SmallBackbones.Layers;
    private static readonly string[] Hosts = ["bert", "roberta", "clip_vit", "clip_text", "clip_vil", "whisper"];

    /// <summary>Trainable parameters of a layer, and those besides.</summary>
    private static readonly (TuningMethod Method, int OfLayer, int Besides)[] Counted =
    [
        (new LayerNormMethod(), 4 * Width, 2 * Width),
        (new AdapterMethod(new AdapterOptions { Reduction = 8 }), 2 * ((2 * Width * 8) + Width + 8), 0),
        (new LoraMethod(new LoraOptions { Rank = 4 }), 2 * 4 * 2 * Width, 0),
        (new PromptMethod(new PromptOptions { Length = 5 }), 0, 5 * Width),
        (new PrefixMethod(new PrefixOptions { Length = 5 }), 2 * 5 * Width, 0),
    ];

    public static TheoryData<string, string> OnEveryHost
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string host, string method) in Hosts.SelectMany(host => Methods().Select(method => (host, method.Name))))
            {
                data.Add(host, method);
            }

            return data;
        }
    }

    [Fact]
    public void NoMethodIsLeftOut() => Assert.Equal(TuningRegistry.Methods.Keys.Order(StringComparer.Ordinal), Methods().Select(method => method.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(OnEveryHost))]
    public void ExactlyWhatTrainsChanges(string host, string name)
    {
        TuningMethod method = Methods().Single(known => known.Name == name);
        using (var trial = new Trial(host, method))
        {
            if (name is not ("prompt" or "prefix" or "sherl"))
            {
                // Batch norms are folded into convolutions where these are frozen.
                double rounding = host == "clip_vil" && name == "full" ? 1e-5 : 0;
                Assert.Equal(Trial.Frozen(host), trial.Hidden(), (frozen, hidden) => Math.Abs(frozen - hidden) <= rounding);
            }

            Assert.True(trial.Trained.Count > 2 || name == "head");
            Assert.Equal(trial.Trained.Order(StringComparer.Ordinal), trial.Train().Order(StringComparer.Ordinal));
        }

        MethodContract.LeaksNothing(host, method);
    }

    [Fact]
    public void EveryHostHasTheSamePlacesForMethods() => Assert.All(Hosts, host => Assert.All(Counted, counted =>
    {
        // What is normalised before the first layer is nothing of CLIP's text, and of Clip-ViL words and cells apart.
        int besides = counted.Besides * (counted.Method is not LayerNormMethod ? 1 : host switch { "clip_text" => 0, "clip_vil" => 2, _ => 1 });
        using var trial = new Trial(host, counted.Method);
        Assert.Equal((counted.OfLayer * Layers) + besides + MethodContract.Linear(Width), trial.TrainedCount);
    }));

    /// <summary>CLIP gives the embedding that this form adds to.</summary>
    [Theory]
    [InlineData("clip_vit")]
    [InlineData("clip_text")]
    public void TheFormOfClip4ClipReadsTheTowersEmbedding(string host)
    {
        using var trial = new Trial(host, new UniPTMethod(new UniPTOptions { Form = PublishedForm.Clip4clip, Width = 32 }));
        float[] before = trial.Features();
        Assert.All(trial.Train(), name => Assert.Contains(name, trial.Trained));
        Assert.NotEqual(before, trial.Features());
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Equal([3, Trial.Output], trial.Tuned.Hidden(trial.Host.Input).Pooled!.shape);
    }

    [Fact]
    public void APromptForPatchesHasNoLimitButOne()
    {
        var error = Assert.Throws<UserException>(() => new Trial("clip_vit", new PromptMethod(new PromptOptions { Length = 0 })));
        Assert.Equal("The length of prompt is 0; it must be at least 1.", error.Message);
    }

    /// <summary>Every method, in a small size.</summary>
    internal static TuningMethod[] Methods() =>
    [
        .. Counted.Select(counted => counted.Method),
        new UniPTMethod(new UniPTOptions { Width = 16 }),
        new HeadMethod(new HeadOptions()),
        new FullMethod(new FullOptions()),
        new PartialMethod(new PartialOptions()),
        new BitFitMethod(),
        new Ia3Method(),
        new LstMethod(new LstOptions()),
        new SherlMethod(new SherlOptions()),
    ];
}
