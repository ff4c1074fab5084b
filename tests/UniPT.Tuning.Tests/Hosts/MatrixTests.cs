using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>Every method beside every stream of every backbone: it works as a method must, or says why it is not defined there.</summary>
public sealed class MatrixTests
{
    private const string NoBlocks = ": it reaches into blocks, and this backbone shows none.";
    private static readonly string[] Convolutional = ["clip_resnet", "mobilenet_v2", "resnet", "resnet_cntk"];
    private static readonly string[] Recurrent = ["gru/audio", "gru/text", "lstm/audio", "lstm/text"];

    /// <summary>Where a method is not defined, and how it goes on then after "METHOD is not defined for HOST".</summary>
    private static readonly Dictionary<(string Host, string Method), string> Undefined = Convolutional.SelectMany(host => new[]
    {
        ((host, "ia3"), " with the linear maps [key, value]: no block has any of them."),
        ((host, "layernorm"), ": this backbone has no layer norms."),
        ((host, "prefix"), ": none of its blocks has an attention."),
        ((host, "prompt"), ": there is no token sequence that a prompt could stand in front of."),
    }).Concat(Recurrent.SelectMany(host => new[]
    {
        ((host, "adapter"), " with the linear maps [output, down, project]: no block has any of them."),
        ((host, "ia3"), " with the linear maps [key, value]: no block has any of them."),
        ((host, "layernorm"), ": this backbone has no layer norms."),
        ((host, "lora"), " with the linear maps [query, value, crossquery, crossvalue, expand, project]: no block has any of them."),
        ((host, "prefix"), ": none of its blocks has an attention."),
        ((host, "prompt"), ": there is no token sequence that a prompt could stand in front of."),
    })).Concat(new[] { "adapter", "ia3", "lora", "partial", "prefix", "sherl" }.Select(method => (("regions", method), NoBlocks))).Concat(
    [
        (("regions", "bitfit"), ": this backbone has no biases."),
        (("regions", "layernorm"), ": this backbone has no layer norms."),
        (("regions", "prompt"), ": there is no token sequence that a prompt could stand in front of."),
        (("t5/decoder", "bitfit"), ": this backbone has no biases; the option biases: added adds some."),
        (("t5/encoder", "bitfit"), ": this backbone has no biases; the option biases: added adds some."),
        (("mdetr/decoder", "sherl"), " here: it cannot be cut before its last blocks, as where layers are chosen."),
        (("mdetr/encoder", "sherl"), " here: it cannot be cut before its last blocks, as where layers are chosen."),
    ]).ToDictionary();

    /// <summary>Methods that need more than one hidden state say so in words of their own.</summary>
    private static readonly Dictionary<(string Host, string Method), string> Refused = new(Undefined.Select(pair => KeyValuePair.Create(
        pair.Key,
        $"{pair.Key.Method} is not defined for {Shown(pair.Key.Host)}{pair.Value}")))
    {
        [("regions", "lst")] = "lst climbs from one hidden state to the next, so it needs at least 2; regions was given with 1.",
        [("regions", "unipt")] = "unipt merges layers into the last one, so it needs at least 2 hidden states; regions was given with 1.",
    };

    private static readonly string[] OfZeros =
    [
        "blocks.0.value.lora_A.weight", "blocks.0.value.lora_B.weight", "decoder.downsample_layers.0.0.weight", "side_first_downsample.weight",
    ];

    /// <summary>Every stream that UniPT is defined for.</summary>
    public static TheoryData<string> Hosts => [.. Cells.Select(cell => (string)cell[0]).Distinct().Where(host => !Refused.ContainsKey((host, "unipt")))];

    public static TheoryData<string, string> Cells
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (BackboneArchitecture architecture in BackboneRegistry.Architectures)
            {
                foreach (string stream in architecture.Streams)
                {
                    foreach (string method in TuningRegistry.Methods.Keys)
                    {
                        data.Add(architecture.Streams.Count == 1 ? architecture.Name : $"{architecture.Name}/{stream}", method);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void AMethodTrainsWhatItSaysAndIsSavedAndLoadedOrSaysWhyNot(string host, string name)
    {
        TuningMethod method = TransformerHostsTests.Methods().Single(known => known.Name == name);
        if (Refused.TryGetValue((host, name), out string? sentence))
        {
            Assert.Equal(sentence, Assert.Throws<UserException>(() => new Trial(host, method)).Message);
            return;
        }

        using var folder = new TemporaryFolder();
        using var trial = new Trial(host, method, Seed(name));
        Assert.NotEmpty(trial.Trained);
        Assert.Equal(Moved(host, trial.Trained), Moved(host, trial.Train()));
        trial.Save(folder.File("trained.safetensors"));

        using var other = new Trial(host, method, seed: 2);
        Assert.NotEqual(trial.Features(), other.Features());
        other.Load(folder.File("trained.safetensors"));
        Assert.Equal(trial.Features(), other.Features());
    }

    /// <summary>Beside a frozen backbone nothing lives after its forward but the hidden states that are read and their mask.</summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public void NoActivationOfAFrozenLayerOutlivesTheForwardButThoseThatAreRead(string host, string name)
    {
        TuningMethod method = TransformerHostsTests.Methods().Single(known => known.Name == name);
        if (Refused.ContainsKey((host, name)))
        {
            return;
        }

        using var trial = new Trial(host, method, Seed(name));
        if (trial.Tuned.ChangesHiddenStates)
        {
            return;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        long before = TensorMemory.Current();
        HiddenStates hidden = trial.Tuned.Hidden(trial.Host.Input);
        Assert.InRange(TensorMemory.Current() - before, 0, Bytes(hidden));
    }

    /// <summary>As messages say it: a recurrent network has one stream, whichever it is.</summary>
    private static string Shown(string host) => host.Split('/') is [var name, var stream] ? Recurrent.Contains(host) ? name : $"the stream {stream} of {name}" : host;

    /// <summary>What is computed again in backward, to hold less, is what was computed.</summary>
    [Theory]
    [MemberData(nameof(Hosts))]
    public void AStepOfUniPTIsTheSameWhereItIsComputedAgain(string host)
    {
        (float[] Features, float[][] Gradients) Step(bool again)
        {
            using var trial = new Trial(host, new UniPTMethod(new UniPTOptions { Width = 16, Checkpoint = again }), Seed("unipt"));
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor features = trial.Tuned.forward(trial.Host.Input).Tokens;
            (features * torch.linspace(-1, 1, features.numel()).view(features.shape)).sum().Backward();
            return (features.ToArray<float>(), [.. trial.Tuned.Store.Trainable.Select(pair => pair.Value.grad!.ToArray<float>())]);
        }

        (float[] features, float[][] gradients) = Step(again: false);
        (float[] others, float[][] ofOthers) = Step(again: true);
        Close(features, others, 0);

        // The gate's shift of all scores has no gradient in exact arithmetic.
        float most = gradients.Max(gradient => gradient.Max(Math.Abs));
        Assert.All(gradients.Zip(ofOthers), pair => Close(pair.First, pair.Second, 1e-6f * most));

        static void Close(float[] expected, float[] actual, float rounding)
        {
            float largest = expected.Max(Math.Abs);
            Assert.Equal(expected, actual, (left, right) => Math.Abs(left - right) <= (1e-4f * largest) + rounding);
        }
    }

    private static long Bytes(HiddenStates hidden) =>
        hidden.Layers.Concat(new[] { hidden.Pooled, hidden.Summary, hidden.Mask }.OfType<Tensor>()).Sum(tensor => tensor.ByteCount()) + (hidden.Memory is { } memory ? Bytes(memory) : 0);

    /// <summary>With which no ReLU of a small network is 0 for every token.</summary>
    private static long Seed(string method) => method == "unipt" ? 3 : 1;

    /// <summary>
    /// What a training step moves of what trains: not the gate's shift of all scores, as their softmax does not see it; nor what batch norms count; nor
    /// what multiplies the first hidden state of MDETR's queries, which is zero; nor a decoder behind the encoder that is read.
    /// </summary>
    private static IEnumerable<string> Moved(string host, IReadOnlyList<string> names) => names
        .Where(name => !name.EndsWith("gate_layer.bias") && !name.Contains(".running_"))
        .Where(name => host != "mdetr/decoder" || !OfZeros.Any(name.EndsWith))
        .Where(name => host != "mdetr/encoder" || !(name.StartsWith("backbone.transformer.decoder.") || name.Contains("query_embed")))
        .Order(StringComparer.Ordinal);
}
