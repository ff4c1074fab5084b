using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Mdetr;
using UniPT.Backbones.ResNet;
using UniPT.Tasks.Grounding.Heads;
using UniPT.Torch;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.EncoderDecoder;

namespace UniPT.Parity.Tests.Cases;

/// <summary>All of MDETR behind its pictures' network, with UniPT beside encoder and decoder, and the heads.</summary>
internal sealed class MdetrTransformerCase : IParityCase
{
    /// <summary>The outputs of these layers are merged, and the last one is the anchor.</summary>
    private static readonly int[] Read = [1, 3, 5, 6];

    public string Name => "mdetr-transformer";

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights => Outputs(file, weights), Own);

    private static Dictionary<string, Tensor> Outputs(GoldenFile file, Weights weights)
    {
        MdetrConfig config = Sizes(file.Config);
        var transformer = new MdetrTransformer(weights, config);
        Tensor valid = file.Input("backbone_mask").logical_not().to(ScalarType.Float32);
        BackboneInput texts = BackboneInput.Texts(file.Input("input_ids"), file.Input("attention_mask"));
        (HiddenStates encoder, HiddenStates decoder) = transformer.Forward(file.Input("backbone_map"), valid, texts);

        int width = config.Width / 2;
        int[] widths = [.. Read.Select(_ => config.Width)];
        UniPTOptions form = PublishedForms.Of(PublishedForm.Mdetr);
        Tensor memory = new SideEncoder(weights / "side" / "encoder", widths, width, form).Forward([.. Read.Select(layer => encoder.Layers[layer])], encoder.Mask);
        IReadOnlyList<Tensor> features = new SideDecoder(weights / "side" / "decoder", widths, width, config.Width, form)
            .Forward([.. Read.Select(layer => decoder.Layers[layer])], memory, encoder.Mask);

        var heads = new GroundingHeads(weights, config.Width, file.Config.Number("num_classes") + 1, file.Config.Number("contrastive_hdim"));
        GroundingPredictions[] predicted = [.. features.Select(heads.Forward)];
        int words = (int)texts.Tokens.size(1);
        Tensor joint = encoder.Layers[0];
        var outputs = new Dictionary<string, Tensor>
        {
            ["pos_embed"] = SinePositions.Of(valid, config.Width).permute(0, 3, 1, 2),
            ["text_memory_resized"] = joint.narrow(1, joint.size(1) - words, words).transpose(0, 1),
            ["side_img_memory"] = memory,
            ["hs"] = torch.stack([.. features]),
            ["pred_logits"] = predicted[^1].Logits,
            ["pred_boxes"] = predicted[^1].Boxes,
            ["proj_queries"] = predicted[^1].Queries,
            ["proj_tokens"] = heads.Tokens(encoder.Layers[^1].narrow(1, joint.size(1) - words, words)),
        };
        for (int layer = 1; layer < encoder.Layers.Count; layer++)
        {
            outputs.Add($"memory.{layer - 1}", encoder.Layers[layer].transpose(0, 1));
            outputs.Add($"decoder.{layer - 1}", decoder.Layers[layer].transpose(0, 1));
        }

        for (int i = 0; i < predicted.Length - 1; i++)
        {
            outputs.Add($"aux.{i}.pred_logits", predicted[i].Logits);
            outputs.Add($"aux.{i}.pred_boxes", predicted[i].Boxes);
            outputs.Add($"aux.{i}.proj_queries", predicted[i].Queries);
        }

        return outputs;
    }

    /// <summary>What UniPT adds has its names here; positions are counted, not stored.</summary>
    private static string? Own(string name)
    {
        const string Transformer = "transformer.";
        if (!name.StartsWith($"{Transformer}side_", StringComparison.Ordinal))
        {
            return name.EndsWith("position_ids") ? null : name;
        }

        string side = name.Contains("_encoder.") ? "encoder" : "decoder";
        return $"side.{side}.{UniPTMdetr.Names(side, Read.Length - 1).Of(name[Transformer.Length..])}";
    }

    private static MdetrConfig Sizes(JsonElement config) => new()
    {
        Image = new ResNetConfig { Widths = [config.Number("backbone_channels")] },
        Text = BertConfig.RobertaBase with
        {
            Vocabulary = config.Number("vocab_size"),
            Width = config.Number("text_hidden"),
            Layers = config.Number("text_layers"),
            Heads = config.Number("text_heads"),
            FeedForward = config.Number("text_intermediate"),
            Positions = config.Number("text_max_position"),
        },
        Width = config.Number("d_model"),
        Heads = config.Number("nhead"),
        FeedForward = config.Number("dim_feedforward"),
        EncoderLayers = config.Number("enc_layers"),
        DecoderLayers = config.Number("dec_layers"),
        Queries = config.Number("num_queries"),
    };
}
