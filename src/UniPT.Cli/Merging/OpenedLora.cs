using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Lora;

namespace UniPT.Cli.Merging;

/// <summary>The backbones of one file with the adapter's LoRA in them.</summary>
internal sealed class OpenedLora : IDisposable
{
    private readonly List<WeightStore> _stores = [];
    private readonly List<TunedBackbone> _tuned = [];

    internal LoraUpdates[] Updates => [.. _tuned.Select(tuned => tuned is PeftLora peft ? peft.Updates : ((LoraBackbone)tuned).Updates)];

    /// <summary>Tensors of the adapter that are of no backbone.</summary>
    internal string[] Heads => [.. _tuned.OfType<PeftLora>().SelectMany(tuned => tuned.Heads.Keys).Distinct().Order(StringComparer.Ordinal)];

    internal static OpenedLora Of(LoraAdapter adapter, IEnumerable<LoraPart> parts, string weights)
    {
        var opened = new OpenedLora();
        try
        {
            foreach (LoraPart part in parts)
            {
                Backbone backbone = BackboneRegistry.Open(part.Architecture, weights);
                opened._stores.Add(backbone.Store);
                TunedBackbone tuned = part.Attach(backbone);
                opened._stores.Add(tuned.Store);
                opened._tuned.Add(tuned);
            }

            return opened._tuned is [PeftLora { Elsewhere: [{ } first, ..] } only]
                ? throw new UserException($"{adapter.Folder} also changes {only.Elsewhere.Count} modules of the other tower, the first is {first}; give --architecture clip_text,clip_vit for weights with both.")
                : opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void Dispose() => _stores.ForEach(store => store.Dispose());
}
