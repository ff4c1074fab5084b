using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Backbones.T5;
using UniPT.Torch;

namespace UniPT.Tuning.Lora;

/// <summary>
/// What the modules and tensors of a backbone are called in the models that adapters of PEFT were trained on: by the backbone's checkpoint, with
/// or without the prefix that models with a head have, or, of CLIP, by Hugging Face's names.
/// </summary>
internal sealed class PeftNames
{
    private readonly string[] _own;
    private readonly string[] _otherTower;

    private PeftNames(string[] own, string[] otherTower) => (_own, _otherTower) = (own, otherTower);

    /// <summary>The linear maps by module; several are the parts of one, in order.</summary>
    public Dictionary<string, IReadOnlyList<LinearMap>> Maps { get; } = new(StringComparer.Ordinal);

    /// <summary>The store's names of all parameters.</summary>
    public Dictionary<string, string> Parameters { get; } = new(StringComparer.Ordinal);

    /// <summary>The names for a backbone.</summary>
    /// <exception cref="UserException">PEFT's adapters are not read for its architecture.</exception>
    public static PeftNames Of(Backbone backbone)
    {
        (string[] own, string[] other, string prefix, string? tower) = backbone switch
        {
            BertEncoder bert => (new[] { $"{bert.Name}." }, Array.Empty<string>(), $"{bert.Name}.", (string?)null),
            T5Model => (["encoder.", "decoder.", "transformer."], [], "transformer.", null),
            ClipText => (["text_model.", "text_projection."], ["vision_model.", "visual_projection.", "visual."], "", "text_model"),
            ClipVit => (["vision_model.", "visual_projection."], ["text_model.", "text_projection.", "transformer."], "", "vision_model"),
            _ => throw new UserException(
                $"Adapters of Hugging Face's PEFT are read for bert, roberta, t5, clip_text and clip_vit; this backbone is {backbone.Name}."),
        };
        var names = new PeftNames(own, other);
        names.AddMaps(backbone, prefix);
        names.AddParameters(backbone.Store, prefix);
        if (tower is not null)
        {
            names.AddTower(backbone, $"{tower}.encoder.layers");
        }

        return names;
    }

    /// <summary>Whether a name is of CLIP's other tower.</summary>
    public bool IsOfOtherTower(string name) => _otherTower.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Whether a name says that it is of this backbone.</summary>
    public bool IsOwn(string name) => _own.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    private void AddMaps(Backbone backbone, string prefix)
    {
        // In the blocks first: of a map that computes in parts only these are extended.
        IEnumerable<LinearMap> inBlocks = backbone.Streams.SelectMany(stream => stream.Blocks).SelectMany(block => block.Linears.OrderBy(pair => pair.Key).Select(pair => pair.Value));
        IEnumerable<LinearMap> elsewhere = backbone.named_modules().Select(pair => pair.module).OfType<LinearMap>();
        foreach (IGrouping<string, LinearMap> maps in inBlocks.GroupBy(map => map.WeightName))
        {
            Add(maps.Key, [.. maps]);
        }

        foreach (LinearMap map in elsewhere)
        {
            Add(map.WeightName, [map]);
        }

        void Add(string weight, IReadOnlyList<LinearMap> maps)
        {
            // PyTorch's attention has in_proj_weight, without a module of its own.
            string module = weight.Replace("in_proj_weight", "weight", StringComparison.Ordinal)[..^".weight".Length];
            foreach (string name in Variants(module, prefix))
            {
                Maps.TryAdd(name, maps);
            }
        }
    }

    private void AddParameters(WeightStore store, string prefix)
    {
        foreach (string parameter in store.Parameters.Keys)
        {
            foreach (string name in Variants(parameter, prefix))
            {
                Parameters[name] = parameter;
            }
        }
    }

    private void AddTower(Backbone backbone, string layers)
    {
        foreach ((BackboneBlock block, int i) in backbone.Streams.Only.Blocks.Select((block, i) => (block, i)))
        {
            foreach ((LinearRole role, LinearMap map) in block.Linears)
            {
                string module = role switch
                {
                    LinearRole.Query => "self_attn.q_proj",
                    LinearRole.Key => "self_attn.k_proj",
                    LinearRole.Value => "self_attn.v_proj",
                    LinearRole.Output => "self_attn.out_proj",
                    LinearRole.Up => "mlp.fc1",
                    _ => "mlp.fc2",
                };
                Maps.Add($"{layers}.{i}.{module}", [map]);
            }
        }
    }

    /// <summary>A checkpoint's name with and without the prefix, whichever the checkpoint has.</summary>
    private static IEnumerable<string> Variants(string name, string prefix)
    {
        string bare = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        return prefix.Length > 0 ? [bare, prefix + bare] : [bare];
    }
}
