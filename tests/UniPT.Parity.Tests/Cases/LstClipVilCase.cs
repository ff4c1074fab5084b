using System.Text.Json;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Layers;
using UniPT.Torch;
using UniPT.Tuning.Lst;

namespace UniPT.Parity.Tests.Cases;

/// <summary>CLIP-ViL's joint encoder with a ladder beside it.</summary>
internal sealed class LstClipVilCase : IParityCase
{
    public string Name => "lst-clipvil";

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        BertConfig host = ClipVilRecording.Sizes(config);
        int[] kept = LstConfig.Kept(config, "side_layers", host.Layers);
        LstOptions options = LstConfig.Options(config, kept, host.Layers, bias: false);
        int reduction = config.Number("reduction_factor");
        BertConfig side = host with { Width = host.Width / reduction, FeedForward = host.FeedForward / reduction };
        ModuleParity.Check(file, Forward, name => LstConfig.IsDropped(name, kept) ? null : ClipVilRecording.Name(name)?.Replace("_l.", "."));

        IReadOnlyDictionary<string, Tensor> Forward(Weights weights)
        {
            var encoder = new ClipVilRecording(file, weights);
            var ladder = new Ladder(weights, [.. Enumerable.Repeat(host.Width, host.Layers + 1)], side.Width, options, options.Dropped);
            Dictionary<int, PostNormBlock> blocks = kept.ToDictionary(i => i + 1, i => BertLayers.Block(weights / "side_block" / i, side));
            var up = new Linear(weights / "side_final_upsample", side.Width, host.Width, options.Bias);
            IReadOnlyList<Tensor> hidden = encoder.Hidden();
            IReadOnlyList<Tensor> states = ladder.Forward(hidden, (layer, state) => blocks[layer].Forward(state, encoder.Scores));
            Dictionary<string, Tensor> outputs = new() { ["joint"] = up.forward(states[^1]) };
            LstConfig.Add(outputs, "hidden", hidden);
            LstConfig.Add(outputs, "side", kept.Zip(states.Skip(1)));
            return outputs;
        }
    }
}
