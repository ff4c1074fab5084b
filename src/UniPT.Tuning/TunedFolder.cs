using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>
/// Keeps what was trained beside a backbone in a folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>. It goes back beside the same
/// weights only, and has to give a saved probe its saved features.
/// </summary>
public static class TunedFolder
{
    private const string Format = "unipt-tuned-2";
    private const string FirstFormat = "unipt-tuned-1";
    private const string ConfigFile = "adapter_config.json";
    private const string ModelFile = "adapter_model.safetensors";
    private const string ProbeStart = "probe.";
    private const string InputStart = "probe.input.";
    private const string FeaturesKey = "probe.features";

    // As the first format had the parts of the probe.
    private const string ValuesKey = "probe.values";
    private const string LengthsKey = "probe.lengths";
    private const string SegmentsKey = "probe.segments";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Saves what was trained: all of the method's <see cref="TunedBackbone.Store"/>, a head too that was made there.</summary>
    /// <param name="tuned">The method beside its backbone.</param>
    /// <param name="folder">The folder; its two files are replaced.</param>
    /// <param name="probe">An input that is saved with its features; null for the backbone's <see cref="Backbone.Example"/>.</param>
    /// <exception cref="UserException">The method changes the backbone, there is no probe, or the folder cannot be written.</exception>
    public static void Save(this TunedBackbone tuned, string folder, BackboneInput? probe = null)
    {
        RequireBeside(tuned);
        BackboneInput input = probe ?? tuned.Backbone.Example
            ?? throw new UserException($"What was trained beside {tuned.Backbone.Name} is saved with a probe to compare when it is loaded; give an input for it.");
        using DisposeScope scope = torch.NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(tuned.Store.State(), StringComparer.Ordinal)
        {
            [FeaturesKey] = Features(tuned, input),
        };
        foreach ((string name, Tensor part) in input.All)
        {
            tensors.Add(InputStart + name, part);
        }

        // The configuration comes last: it says which model file belongs to it.
        string model = Path.Combine(folder, ModelFile);
        SafetensorsWriter.Write(model, tensors);
        AtomicFile.WriteText(Path.Combine(folder, ConfigFile), JsonSerializer.Serialize(
            new Config(Format, tuned.Backbone.Name, tuned.Backbone.Fingerprint, [.. tuned.Stream.LayerNames], tuned.Output, FileHash.Sha256(model), $"{tuned.Backbone.Type}", [.. input.All.Keys], tuned.Stream.Name), Json) + "\n");
    }

    /// <summary>Takes over what was saved, into the same method with the same options beside the same backbone.</summary>
    /// <exception cref="UserException">
    /// A file is missing, broken or changed, the backbone has other weights or gives other hidden states, the tensors do not fit, or the probe's features differ;
    /// then everything is as it was.
    /// </exception>
    public static void Load(this TunedBackbone tuned, string folder)
    {
        RequireBeside(tuned);
        string model = Path.Combine(folder, ModelFile);
        Config config = ReadConfig(Path.Combine(folder, ConfigFile));
        Check(tuned, folder, config, model);
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(model);
        Dictionary<string, Tensor> before = tuned.Store.State().ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone());
        tuned.Store.LoadState(
            file.Entries.Keys.Where(name => !name.StartsWith(ProbeStart, StringComparison.Ordinal)).ToDictionary(name => name, file.Read, StringComparer.Ordinal), model);
        try
        {
            CheckProbe(tuned, folder, config, file);
        }
        catch
        {
            tuned.Store.LoadState(before, folder);
            throw;
        }
    }

    private static void CheckProbe(TunedBackbone tuned, string folder, Config config, SafetensorsFile file)
    {
        Device device = tuned.Store.Device;
        Tensor features = Features(tuned, Probe(file, config.Inputs).Map(part => part.to(device)));
        Tensor saved = file.Read(FeaturesKey).to(device);
        double difference = features.shape.AsSpan().SequenceEqual(saved.shape) ? (features - saved).abs().max().Item() : double.PositiveInfinity;
        if (!(difference <= ProbeTolerance.Of(tuned.Backbone.Type) * Math.Max(1, saved.abs().max().Item())))
        {
            throw new UserException(string.Create(
                CultureInfo.InvariantCulture,
                $"{folder} does not give its probe's features again (they differ by {difference:g2}): the method's options or the backbone are not those it was saved with."));
        }
    }

    private static BackboneInput Probe(SafetensorsFile file, IReadOnlyList<string>? inputs)
    {
        Tensor? Read(string key) => file.Entries.ContainsKey(key) ? file.Read(key) : null;
        return Read(ValuesKey) is { } values
            ? new BackboneInput(values, Read(LengthsKey)?.ToArray<int>(), Read(SegmentsKey))
            : new BackboneInput([.. inputs!.Select(name => (name, file.Read(InputStart + name)))]);
    }

    private static void RequireBeside(TunedBackbone tuned)
    {
        if (tuned.ChangesHiddenStates)
        {
            throw new UserException($"What was trained inside {tuned.Backbone.Name} cannot be kept apart from it: only methods that work beside a backbone can.");
        }

        if (tuned.Backbone.HasRunningStatistics)
        {
            throw new UserException($"What was trained beside {tuned.Backbone.Name} cannot be kept apart from it: the statistics of its batch norms moved with it.");
        }
    }

    private static void Check(TunedBackbone tuned, string folder, Config config, string model)
    {
        if (config.Format is not (Format or FirstFormat))
        {
            throw new UserException($"{Path.Combine(folder, ConfigFile)} has the format {config.Format}; this version reads {Format} here.");
        }

        string fingerprint = tuned.Backbone.Fingerprint;
        if (config.BackboneFingerprint != fingerprint)
        {
            throw new UserException(
                $"{folder} belongs to other weights than those of {tuned.Backbone.Name}: it needs the fingerprint {FileHash.Shorten(config.BackboneFingerprint)}…, this is {FileHash.Shorten(fingerprint)}….");
        }

        if (config.Stream is { } stream && stream != tuned.Stream.Name)
        {
            throw new UserException($"{folder} reads the stream {stream} of {tuned.Backbone.Name}, this one {tuned.Stream.Name}.");
        }

        if (!config.Layers.SequenceEqual(tuned.Stream.LayerNames))
        {
            throw new UserException(
                $"{folder} reads the hidden states {string.Join(", ", config.Layers)} of {tuned.Backbone.Name}, this one {string.Join(", ", tuned.Stream.LayerNames)}.");
        }

        if (config.Precision is { } type && type != $"{tuned.Backbone.Type}")
        {
            throw new UserException($"{folder} was saved beside {tuned.Backbone.Name} computing in {type}, this one computes in {tuned.Backbone.Type}; see TunedBackbone.ConvertBackbone.");
        }

        if (config.Output != tuned.Output)
        {
            throw new UserException($"{folder} gives features of the width {config.Output}; this one gives {tuned.Output}.");
        }

        string hash = FileHash.Sha256(model);
        if (config.ModelSha256 != hash)
        {
            throw new UserException($"{model} was changed after it was saved: its SHA-256 is {FileHash.Shorten(hash)}…, the configuration says {FileHash.Shorten(config.ModelSha256)}….");
        }
    }

    private static Config ReadConfig(string file)
    {
        try
        {
            Config? config = JsonSerializer.Deserialize<Config>(TextFile.Read(file, "the configuration of what was trained"), Json);
            return config is { Format: not null, Backbone: not null, BackboneFingerprint: not null, Layers: not null, ModelSha256: not null }
                ? config
                : throw new JsonException("a key is missing.");
        }
        catch (JsonException error)
        {
            throw new UserException($"{file} is not the configuration of what was trained beside a backbone: {error.Message}", error);
        }
    }

    /// <summary>As in evaluation, whatever is set.</summary>
    private static Tensor Features(TunedBackbone tuned, BackboneInput input)
    {
        bool training = tuned.training;
        tuned.eval();
        try
        {
            using IDisposable unrecorded = torch.no_grad();
            return tuned.forward(input).Tokens;
        }
        finally
        {
            tuned.train(training);
        }
    }

    private sealed record Config(string Format, string Backbone, string BackboneFingerprint, IReadOnlyList<string> Layers, int Output, string ModelSha256, string? Precision = null, IReadOnlyList<string>? Inputs = null, string? Stream = null);
}
