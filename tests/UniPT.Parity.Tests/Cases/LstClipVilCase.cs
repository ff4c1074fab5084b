using System.Text.Json;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Layers;
using UniPT.Torch;
using UniPT.Tuning.Lst;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The ladder beside CLIP-ViL's joint encoder, from the recorded joint embedding on.</summary>
internal sealed class LstClipVilCase : IParityCase
{
    public string Name => "lst-clipvil";

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        int Number(string name) => config.GetProperty(name).GetInt32();
        int reduction = Number("reduction_factor");
        int[] all = [.. Enumerable.Range(0, Number("layers"))];
        int[] kept = LstConfig.Kept(config, "side_layers", all.Length);
        var host = new BertConfig
        {
            Width = Number("hidden_size"),
            Heads = Number("heads"),
            FeedForward = Number("intermediate_size"),
            Epsilon = config.GetProperty("bert_layernorm_eps").GetDouble(),
        };
        BertConfig side = host with { Width = host.Width / reduction, FeedForward = host.FeedForward / reduction };

        ModuleParity.Check(file, Forward, name => name.StartsWith("visn_fc.") || LstConfig.IsDropped(name, kept) ? null : name.Replace("_l.", "."));

        IReadOnlyDictionary<string, Tensor> Forward(Weights weights)
        {
            Tensor mask = Mask(file, host.Heads);
            PostNormBlock[] layers = [.. all.Select(i => BertLayers.Block(weights / "layer" / i, host))];
            var ladder = new Ladder(weights, [.. Enumerable.Repeat(host.Width, all.Length + 1)], side.Width, LstConfig.Options(config, kept, all.Length) with { Bias = false });
            Dictionary<int, PostNormBlock> blocks = kept.ToDictionary(i => i + 1, i => BertLayers.Block(weights / "side_block" / i, side));
            var up = new Linear(weights / "side_final_upsample", side.Width, host.Width, bias: false);
            var hidden = new List<Tensor> { file.Read("output.hidden.0") };
            using (torch.no_grad())
            {
                hidden.AddRange(layers.Select(layer => layer.Forward(hidden[^1], mask)));
            }

            IReadOnlyList<Tensor> states = ladder.Forward(hidden, (layer, state) => blocks[layer].Forward(state, mask));
            Dictionary<string, Tensor> outputs = new() { ["joint"] = up.forward(states[^1]) };
            LstConfig.Add(outputs, "hidden", hidden);
            LstConfig.Add(outputs, "side", kept.Zip(states.Skip(1)));
            return outputs;
        }
    }

    /// <summary>The language's padding is hidden, the picture's cells behind it never are.</summary>
    private static Tensor Mask(GoldenFile file, int heads)
    {
        int cells = file.Config.GetProperty("N_vis").GetInt32();
        int[] valid = [.. file.Config.GetProperty("lang_valid").EnumerateArray().Select(length => length.GetInt32())];
        Tensor language = AttentionMask.Keys(valid, file.Config.GetProperty("L_lang").GetInt32(), heads)!;
        return nn.functional.pad(language, [0, cells]);
    }
}
