using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>
/// Options that recipes of earlier versions had: those that adapters and runs saved, and whoever's own. They become today's where they
/// are read, so that nothing else knows them.
/// </summary>
internal static class FormerOptions
{
    private static readonly string[] DirectPath = ["correlation_start", "image_ridge", "text_ridge"];

    /// <summary>Puts today's options in the place of former ones.</summary>
    internal static void Translate(OptionMapping root)
    {
        TranslatePrecision(root);
        if (!root.Entries.ContainsKey("task") && (root.Entries.ContainsKey("image") || root.Entries.ContainsKey("text")))
        {
            TranslateRetrieval(root);
        }
    }

    /// <summary>
    /// unipt alone had a <c>precision</c> of its own, <c>backbone</c> or <c>bfloat16</c>: hidden states of a float32 backbone were
    /// rounded then. A backbone that computes in bfloat16 gives the same within the tolerance of the adapter's probe.
    /// </summary>
    private static void TranslatePrecision(OptionMapping root)
    {
        if (root.Entries.GetValueOrDefault("method") is OptionMapping method && method.Entries.Remove("precision", out OptionNode? former))
        {
            root.Entries.TryAdd("precision", new OptionScalar(former.Origin, former is OptionScalar { Text: "bfloat16" } ? "bf16" : "float32", Quoted: false));
        }
    }

    /// <summary>There was one task, image–text retrieval, whose options stood in <c>image</c>, <c>text</c>, <c>head</c> and <c>loss</c>.</summary>
    private static void TranslateRetrieval(OptionMapping root)
    {
        string origin = (root.Entries.GetValueOrDefault("image") ?? root.Entries["text"]).Origin;
        var task = new OptionMapping(origin);
        task.Entries["name"] = new OptionScalar(origin, "retrieval", Quoted: false);
        if (root.Entries.Remove("head", out OptionNode? head) && head is OptionMapping pooled)
        {
            Move(pooled, task, [.. pooled.Entries.Keys]);
        }

        if (root.Entries.Remove("loss", out OptionNode? loss))
        {
            task.Entries["loss"] = loss;
        }

        var backbones = new OptionMapping(origin);
        foreach (string name in (string[])["image", "text"])
        {
            if (root.Entries.Remove(name, out OptionNode? backbone))
            {
                backbones.Entries[name] = backbone;
                if (backbone is OptionMapping options && options.Entries.Remove("backbone", out OptionNode? architecture))
                {
                    options.Entries["architecture"] = architecture;
                }
            }
        }

        if (root.Entries.GetValueOrDefault("method") is OptionMapping method && method.Entries.GetValueOrDefault("direct") is OptionMapping direct)
        {
            var start = new OptionMapping(direct.Origin);
            Move(direct, start, DirectPath);
            if (start.Entries.Remove("correlation_start", out OptionNode? enabled))
            {
                start.Entries["enabled"] = enabled;
            }

            if (start.Entries.Count > 0)
            {
                task.Entries["correlation_start"] = start;
            }
        }

        root.Entries["task"] = task;
        root.Entries["backbones"] = backbones;
    }

    private static void Move(OptionMapping from, OptionMapping to, IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (from.Entries.Remove(name, out OptionNode? value))
            {
                to.Entries[name] = value;
            }
        }
    }
}
