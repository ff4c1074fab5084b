using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>Every method beside every stream of every backbone: it works as a method must, or says why it is not defined there.</summary>
public sealed class MatrixTests
{
    private static readonly string[] Convolutional = ["mobilenet_v2", "resnet", "resnet_cntk"];

    /// <summary>Where a method is not defined, and what it says then after naming both.</summary>
    private static readonly Dictionary<(string Host, string Method), string> Refused = Convolutional.SelectMany(host => new[]
    {
        ((host, "ia3"), " with the linear maps [key, value]: no block has any of them."),
        ((host, "layernorm"), ": this backbone has no layer norms."),
        ((host, "prefix"), ": none of its blocks has an attention."),
        ((host, "prompt"), ": there is no token sequence that a prompt could stand in front of."),
    }).ToDictionary();

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
            string where = host.Contains('/') ? $"the stream {host.Split('/')[1]} of {host.Split('/')[0]}" : host;
            Assert.Equal($"{name} is not defined for {where}{sentence}", Assert.Throws<UserException>(() => new Trial(host, method)).Message);
            return;
        }

        using var folder = new TemporaryFolder();
        using var trial = new Trial(host, method);
        Assert.NotEmpty(trial.Trained);
        Assert.Equal(Moved(trial.Trained), Moved(trial.Train()));
        trial.Save(folder.File("trained.safetensors"));

        using var other = new Trial(host, method, seed: 2);
        Assert.NotEqual(trial.Features(), other.Features());
        other.Load(folder.File("trained.safetensors"));
        Assert.Equal(trial.Features(), other.Features());
    }

    /// <summary>Beside a frozen backbone nothing lives after its forward but the hidden states that are read.</summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public void NoActivationOfAFrozenLayerOutlivesTheForwardButThoseThatAreRead(string host, string name)
    {
        TuningMethod method = TransformerHostsTests.Methods().Single(known => known.Name == name);
        if (Refused.ContainsKey((host, name)))
        {
            return;
        }

        using var trial = new Trial(host, method);
        if (trial.Tuned.ChangesHiddenStates)
        {
            return;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        long before = TensorMemory.Current();
        HiddenStates hidden = trial.Tuned.Hidden(trial.Host.Input);
        Assert.Equal(Bytes(hidden), TensorMemory.Current() - before);
    }

    private static long Bytes(HiddenStates hidden) =>
        hidden.Layers.Concat(new[] { hidden.Pooled, hidden.Summary }.OfType<Tensor>()).Sum(tensor => tensor.ByteCount()) + (hidden.Memory is { } memory ? Bytes(memory) : 0);

    /// <summary>Without the gate's shift of all scores, as their softmax does not see it, and without what batch norms count.</summary>
    private static IEnumerable<string> Moved(IReadOnlyList<string> names) => names.Where(name => !name.EndsWith("gate_layer.bias") && !name.Contains(".running_")).Order(StringComparer.Ordinal);
}
