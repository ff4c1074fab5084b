using UniPT.Backbones;

namespace UniPT.Tuning.UniPT;

/// <summary>Finds options that do not fit a backbone or each other.</summary>
internal static class UniPTCheck
{
    /// <summary>A sentence about the first problem; null where there is none.</summary>
    /// <param name="options">The options.</param>
    /// <param name="stream">What the network is to stand beside.</param>
    /// <param name="output">Width of the adapted features.</param>
    public static string? Problem(UniPTOptions options, BackboneStream stream, int output)
    {
        UniPTOptions form = options.Resolved;
        return Layers(form, stream)
            ?? Pooled(form, stream, output)
            ?? Width(options, output)
            ?? Interactions(options, form, stream, output)
            ?? Maps(form, stream)
            ?? EncoderDecoder(options, form, stream)
            ?? Parameterless(options, form, stream, output);
    }

    private static string? Layers(UniPTOptions form, BackboneStream stream)
    {
        int count = stream.Widths.Count;
        int merged = form.Anchor == AnchorSource.LastLayer ? count - 1 : count;
        return form switch
        {
            { Anchor: AnchorSource.LastLayer } when count < 2 =>
                $"unipt merges layers into the last one, so it needs at least 2 hidden states; {stream} was given with {count}.",
            { Anchor: AnchorSource.MeanOfLayers, Aggregation: Aggregation.Last } =>
                "With the option aggregation: last only one layer is read, of which anchor: mean_of_layers has no mean to take.",
            { AcrossLayers: true } when merged < 2 || form.Aggregation == Aggregation.Last =>
                "With the option across_layers: true merged layers read their neighbours, so at least 2 must be merged; here 1 is.",
            _ => null,
        };
    }

    private static string? Pooled(UniPTOptions form, BackboneStream stream, int output) => form switch
    {
        { Anchor: not AnchorSource.Pooled } => null,
        _ when stream.PooledWidth is null =>
            $"This form of unipt adds to the backbone's own pooled output, and {stream} gives none; choose another form or the option anchor: last_layer.",
        _ when stream.PooledWidth != output =>
            $"This form of unipt adds to the pooled output of {stream}, so the adapted features need its width {stream.PooledWidth}, not {output}.",
        { Causal: true } or { Residual: MergeResidual.Identity } =>
            "With the option anchor: pooled there is one query, for which neither causal: true nor residual: identity is defined.",
        { LayerMap: LayerMap.None } =>
            "With the option anchor: pooled the pooled output is projected, so layer_map: none is not defined.",
        _ => null,
    };

    private static string? Width(UniPTOptions options, int output) => options switch
    {
        { Reduction: not null, Width: not null } =>
            $"The width of unipt is given twice, by width: {options.Width} and by reduction: {options.Reduction}; it may be given once.",
        { Reduction: { } reduction } when output % reduction != 0 =>
            $"The reduction of unipt is {reduction}; it must divide the width {output} of the adapted features.",
        _ => null,
    };

    private static string? Interactions(UniPTOptions options, UniPTOptions form, BackboneStream stream, int output)
    {
        int width = options.WidthOf(stream, output);
        return form.Interaction switch
        {
            not Interaction.Attention when options.Heads is not null =>
                "The option heads belongs to interaction: attention, and another interaction is chosen.",
            Interaction.Attention when width % form.Heads != 0 =>
                $"The parallel network of unipt beside {stream} is {width} wide; its {form.Heads} heads must divide that.",
            Interaction.None when form.Residual == MergeResidual.None =>
                "With the options interaction: none and residual: none nothing of the layers is left to merge.",
            Interaction.None when form.AcrossLayers =>
                "With the option interaction: none layers do not interact, so across_layers: true is not defined.",
            _ => null,
        };
    }

    private static string? Maps(UniPTOptions form, BackboneStream stream) => form switch
    {
        _ when stream.Layout != HiddenLayout.Maps || form.PreInteraction != PreInteraction.None => null,
        { Interaction: Interaction.None } =>
            $"The maps of {stream} stay as they are with the option pre_interaction: none, so some interaction must read them; interaction: none does not.",
        { Anchor: AnchorSource.MeanOfLayers } or { Causal: true } =>
            $"The maps of {stream} differ in size with the option pre_interaction: none, so neither anchor: mean_of_layers nor causal: true is defined.",
        _ => null,
    };

    private static string? EncoderDecoder(UniPTOptions options, UniPTOptions form, BackboneStream stream) => (stream.Memory, form) switch
    {
        (null, _) => options.Auxiliary is true ? $"The option auxiliary is for decoders, which read a memory; {stream} reads none." : null,
        ({ Widths.Count: < 2 } memory, _) => $"unipt merges layers into the last one, so it needs at least 2 hidden states; {memory} was given with {memory.Widths.Count}.",
        _ when (stream.Layout, stream.Memory.Layout) != (HiddenLayout.Tokens, HiddenLayout.Tokens) =>
            $"unipt reads the memory of a decoder as tokens; {stream} or its memory gives maps.",
        (_, { Anchor: not AnchorSource.LastLayer } or { AcrossLayers: true } or { LayerMap: LayerMap.None } or { Aggregation: Aggregation.Last }) =>
            $"Beside {stream}, which reads a memory, unipt is defined with anchor: last_layer, without across_layers, with a layer_map and with an aggregation of all layers.",
        _ when options.Direct.Enabled || options.StandardiseInputs =>
            $"Beside {stream}, which reads a memory, unipt has neither a direct path nor standardised inputs.",
        _ => null,
    };

    private static string? Parameterless(UniPTOptions options, UniPTOptions form, BackboneStream stream, int output) => form switch
    {
        { LayerMap: not LayerMap.None } => null,
        _ when (options.Width ?? options.Reduction) is not null =>
            "With the option layer_map: none the network is as wide as the widest layer, so neither width nor reduction may be given.",
        _ when options.Direct.Enabled && stream.Widths.Max() == output =>
            $"The direct path starts with the network beside it silent; without an output projection, as with layer_map: none beside {stream}, it cannot be.",
        _ => null,
    };
}
