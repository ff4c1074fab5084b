using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>
/// A whole system as UniPT's authors publish it, frozen network, parallel networks and heads in one file of PyTorch's, under the names that this library
/// gives to the same parts: <c>method.</c> for a parallel network (<c>image.method.</c> and <c>text.method.</c> where there are two), <c>gpool.</c> for a
/// pooling, <c>head.</c> for a head, <c>backbone.</c> for everything else.
/// </summary>
/// <remarks>
/// Of the frozen network alone a backbone is opened from the same file, as in <c>checkpoint.pth#model/1/bert</c> for VSE∞ and <c>#clip</c> for CLIP4Clip; CLIP-ViL's and MDETR's
/// backbones open from the whole and leave the rest.
/// </remarks>
public sealed record PublishedCheckpoint
{
    private const string Counter = "num_batches_tracked";
    private const string Statistics = "running_mean";
    private const string Wrapper = "module.";
    private readonly Layout _layout;

    private PublishedCheckpoint(PublishedForm form, IReadOnlyDictionary<string, Tensor> state, IReadOnlyList<string> wrapped)
    {
        (Form, State, Wrapped) = (form, state, wrapped);
        _layout = Layout.Of(form);
    }

    /// <summary>The system.</summary>
    public PublishedForm Form { get; }

    /// <summary>All tensors by their names here.</summary>
    public IReadOnlyDictionary<string, Tensor> State { get; private init; }

    /// <summary>The entries of the file, such as <c>model/0</c>, whose names have <c>module.</c> before them.</summary>
    public IReadOnlyList<string> Wrapped { get; private init; }

    /// <summary>One to fill: it has no tensors, and is wrapped as the authors' own code saves it.</summary>
    /// <exception cref="UserException">Nothing was published in that form.</exception>
    public static PublishedCheckpoint Empty(PublishedForm form) => new(form, new Dictionary<string, Tensor>(), Layout.Of(form).Wrapped);

    /// <summary>Reads a file; the tensors are over its pages, in the current scope.</summary>
    /// <param name="path">A file, without a part of it.</param>
    /// <param name="form">The system that it should be.</param>
    /// <exception cref="UserException">It is broken or another system's, or nothing was published in that form.</exception>
    public static PublishedCheckpoint Read(string path, PublishedForm form)
    {
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var wrapped = new List<string>();
        foreach (Entry entry in Layout.Of(form).Entries)
        {
            using TensorFile file = TensorFile.Open(entry.Place is "" or Layout.Averaged ? path : $"{path}#{entry.Place}");
            if (!file.Entries.Keys.Any(entry.IsOfNetwork))
            {
                throw new UserException($"{file.Path} is no {form} checkpoint of UniPT's authors: it has no tensor whose name begins with {string.Join(" or ", entry.Networks)}.");
            }

            if (file.IsWrapped)
            {
                wrapped.Add(entry.Place);
            }

            foreach (string name in file.Entries.Keys)
            {
                state.Add(entry.Here(name), file.Read(name));
            }
        }

        return new(form, state, wrapped);
    }

    /// <summary>The tensors of a place by their names from there, as the parallel network's <see cref="WeightStore.LoadState"/> takes them.</summary>
    /// <param name="place">Such as <c>image.method</c>.</param>
    public IReadOnlyDictionary<string, Tensor> StateAt(string place) => State
        .Where(pair => pair.Key.StartsWith($"{place}.", StringComparison.Ordinal) && !pair.Key.EndsWith(Counter, StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key[(place.Length + 1)..], pair => pair.Value, StringComparer.Ordinal);

    /// <summary>The same with other tensors at a place, or with some where there were none.</summary>
    /// <param name="place">Such as <c>image.method</c>.</param>
    /// <param name="state">The tensors by their names from there.</param>
    /// <exception cref="UserException">There are tensors at the place, and these have other names or shapes.</exception>
    public PublishedCheckpoint With(string place, IReadOnlyDictionary<string, Tensor> state)
    {
        if (StateAt(place) is { Count: > 0 } before)
        {
            StateCheck.Same(before, state, place);
        }

        var all = new Dictionary<string, Tensor>(State, StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in state)
        {
            all[$"{place}.{name}"] = tensor;
        }

        return this with { State = all };
    }

    /// <summary>Writes a file as the authors' code reads it.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public void Write(string path)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var state = new Dictionary<string, Tensor>(State, StringComparer.Ordinal);
        foreach (string norm in State.Keys.Where(name => name.EndsWith(Statistics, StringComparison.Ordinal)).Select(name => name[..^Statistics.Length]))
        {
            // PyTorch's batch norm counts its batches, and asks for the count when it loads.
            state.TryAdd(norm + Counter, torch.zeros([], ScalarType.Int64));
        }

        Dictionary<string, Tensor>[] entries = [.. _layout.Entries.Select(entry => state
            .Select(pair => (Name: entry.There(pair.Key), pair.Value))
            .Where(pair => pair.Name is not null)
            .ToDictionary(pair => (Wrapped.Contains(entry.Place) ? Wrapper : "") + pair.Name, pair => pair.Value, StringComparer.Ordinal))];
        PyTorchWriter.Write(path, _layout.Entries[0].Place switch
        {
            "" => entries[0].ToDictionary(pair => pair.Key, pair => (object)pair.Value),
            Layout.Averaged => new Dictionary<string, object> { ["model"] = entries[0] },
            _ => new Dictionary<string, object> { ["model"] = entries },
        });
    }

    /// <summary>A state in the file.</summary>
    /// <param name="Place">Where it is.</param>
    /// <param name="Networks">How the names of parallel networks begin.</param>
    /// <param name="Names">Beginnings there with those here; the first that fits counts, and the last one fits all.</param>
    private sealed record Entry(string Place, string[] Networks, params (string There, string Here)[] Names)
    {
        internal bool IsOfNetwork(string name) => Networks.Any(start => name.StartsWith(start, StringComparison.Ordinal));

        internal string Here(string name)
        {
            (string there, string here) = Names.First(pair => name.StartsWith(pair.There, StringComparison.Ordinal));
            return here + name[there.Length..];
        }

        /// <summary>Null for a tensor of another state.</summary>
        internal string? There(string name) => Names
            .Where(pair => name.StartsWith(pair.Here, StringComparison.Ordinal))
            .Select(pair => pair.There + name[pair.Here.Length..])
            .FirstOrDefault();
    }

    /// <summary>How the authors' files are made up (their public code; the names of the parts are those of its modules).</summary>
    private sealed record Layout(Entry[] Entries, params string[] Wrapped)
    {
        /// <summary>The averaged weights where there are some, else those that were trained.</summary>
        internal const string Averaged = "model";

        private const string Encoder = "lxrt_encoder.model.bert.encoder.";
        private const int ClipVilLayers = 12;
        private const int MdetrMerged = 3;
        private static readonly string[] Network = ["side_tuning_module."];

        private static readonly Dictionary<PublishedForm, Layout> All = new()
        {
            [PublishedForm.Vse] = new(
                [
                    new("model/0", Network, (Network[0], "image.method."), ("image_encoder.", "image.gpool."), ("backbone.", "image.backbone."), ("", "image.others.")),
                    new("model/1", Network, (Network[0], "text.method."), ("gpool.", "text.gpool."), ("", "text.backbone.")),
                ],
                "model/0"),
            [PublishedForm.Clip4clip] = new(
            [
                new("", ["image_adapter.", "text_adapter."], ("image_adapter.", "image.method."), ("text_adapter.", "text.method."), ("", "backbone.")),
            ]),
            [PublishedForm.ClipVil] = new(
            [
                new(
                    "",
                    [$"{Encoder}side_"],
                    [
                        ($"{Encoder}side_first_downsample_l.", "method.downsample_layers.0."),
                        .. Enumerable.Range(0, ClipVilLayers).Select(i => ($"{Encoder}side_downsamples_l.{i}.", $"method.downsample_layers.{i + 1}.")),
                        ($"{Encoder}side_projection_l.", "method.projection_layer."),
                        ($"{Encoder}side_gate_layer_l.", "method.gate_layer."),
                        ($"{Encoder}side_final_upsample_l.0.", "method.upsample_layer.1."),
                        ("logit_fc.", "head.logit_fc."),
                        ("", "backbone."),
                    ]),
            ]),
            [PublishedForm.Mdetr] = new(
            [
                new(
                    Averaged,
                    ["transformer.side_"],
                    [
                        .. new[] { "encoder", "decoder" }.SelectMany(side => new[]
                        {
                            ($"transformer.side_downsample0_{side}.", $"method.{side}.downsample_layers.{MdetrMerged}."),
                            ($"transformer.side_downsamples_{side}.", $"method.{side}.downsample_layers."),
                            ($"transformer.side_projection_{side}.", $"method.{side}.projection_layer."),
                            ($"transformer.side_gate_layer_{side}.", $"method.{side}.gate_layer."),
                        }),
                        ("transformer.side_projection_crosser.", "method.decoder.crosser_layers."),
                        ("transformer.side_final_upsample.", "method.decoder.upsample_layer."),
                        .. new[] { "class_embed.", "bbox_embed.", "contrastive_align_projection_image.", "contrastive_align_projection_text." }.Select(head => (head, $"head.{head}")),
                        ("", "backbone."),
                    ]),
            ]),
        };

        internal static Layout Of(PublishedForm form) => All.TryGetValue(form, out Layout? layout)
            ? layout
            : throw new UserException($"The form {form} was not published; {string.Join(", ", All.Keys)} were.");
    }
}
