using UniPT.Torch;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>A method on a host: what trains, and what training changes.</summary>
internal sealed class Trial : IDisposable
{
    public const int Output = 6;
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly Weights _weights;

    public Trial(string host, TuningMethod method, long seed = 1)
    {
        Host = Host.Open(host, method.TrainsBackbone);
        _weights = Weights.Fresh(seed);
        try
        {
            Tuned = method.Attach(Host.Stream, _weights / "method", Output);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Host Host { get; }

    public TunedBackbone Tuned { get; }

    /// <summary>Names of what trains; the backbone's own with <c>backbone.</c> before them.</summary>
    public IReadOnlyList<string> Trained => [.. Trainable().Keys];

    public long TrainedCount => Trainable().Values.Sum(tensor => tensor.numel());

    /// <summary>The adapted features.</summary>
    public float[] Features()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        return Tuned.forward(Host.Input).Tokens.ToArray<float>();
    }

    /// <summary>The last hidden state.</summary>
    public float[] Hidden()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        return Tuned.Hidden(Host.Input).Layers[^1].ToArray<float>();
    }

    /// <summary>What the frozen backbone's last hidden state is.</summary>
    public static float[] Frozen(string host)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Host frozen = Host.Open(host);
        return frozen.Stream.Read(frozen.Input).Layers[^1].ToArray<float>();
    }

    /// <summary>Trains a little and gives the names of all tensors that are not what they were.</summary>
    public IReadOnlyList<string> Train(int steps = 2)
    {
        Dictionary<string, byte[]> before = All().ToDictionary(pair => pair.Key, pair => pair.Value.ToBytes());
        using var optimizer = new AdamW([new ParameterGroup(Trainable())]);
        _weights.Store.train(true);
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            TorchRuntime.ManualSeed(step);
            Tensor features = Tuned.forward(Host.Input).Tokens;
            (features * torch.randn(features.shape)).sum().Backward();
            optimizer.Step(1e-3);
            optimizer.ZeroGrad();
        }

        _weights.Store.train(false);
        return [.. All().Where(pair => !pair.Value.ToBytes().SequenceEqual(before[pair.Key])).Select(pair => pair.Key)];
    }

    /// <summary>Writes what training changes into a file.</summary>
    public void Save(string path) => SafetensorsWriter.Write(path, Changing());

    /// <summary>Copies what <see cref="Save"/> wrote.</summary>
    public void Load(string path)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        StateCheck.CopyInto(Changing(), file.Entries.Keys.ToDictionary(name => name, file.Read), path);
    }

    /// <summary>Copies what another trial trained.</summary>
    public void Load(Trial other)
    {
        Dictionary<string, Tensor> saved = other.Trainable().ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value);
        Dictionary<string, Tensor> own = Trainable().ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value);
        StateCheck.Same(own, saved, "the other");
        using IDisposable unrecorded = torch.no_grad();
        foreach ((string name, Tensor tensor) in own)
        {
            tensor.copy_(saved[name]);
        }
    }

    public void Dispose()
    {
        _weights.Store.Dispose();
        Host.Dispose();
        _scope.Dispose();
    }

    private Dictionary<string, Parameter> Trainable() => Join(Host.Backbone.Store.Trainable, _weights.Store.Trainable);

    /// <summary>What trains, and what the method's batch norms count.</summary>
    private Dictionary<string, Tensor> Changing() =>
        Join(Host.Backbone.Store.Trainable.Select(pair => KeyValuePair.Create(pair.Key, (Tensor)pair.Value)), _weights.Store.State());

    private Dictionary<string, Tensor> All() => Join(Host.Backbone.Store.State(), _weights.Store.State());

    private static Dictionary<string, T> Join<T>(IEnumerable<KeyValuePair<string, T>> backbone, IEnumerable<KeyValuePair<string, T>> method) =>
        new(backbone.Select(pair => KeyValuePair.Create($"backbone.{pair.Key}", pair.Value)).Concat(method));
}
