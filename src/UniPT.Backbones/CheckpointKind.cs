namespace UniPT.Backbones;

/// <summary>Which known network a checkpoint looks like, by names that it alone has.</summary>
public static class CheckpointKind
{
    // The first line that fits counts: what holds another network's names among its own stands above it.
    private static readonly (string What, string[] Architectures, string[] Names)[] Kinds =
    [
        ("VSE∞ with UniPT as its authors publish it", [], ["side_tuning_module.gate_layer.weight"]),
        ("CLIP4Clip with UniPT as its authors publish it", [], ["image_adapter.gate_layer.weight", "text_adapter.gate_layer.weight"]),
        ("CLIP-ViL with UniPT as its authors publish it", [], ["side_first_downsample_l.0.weight"]),
        ("MDETR with UniPT as its authors publish it", [], ["side_downsample0_encoder.0.weight"]),
        ("MDETR", ["mdetr"], ["transformer.decoder.layers.0.cross_attn_image.in_proj_weight"]),
        ("CLIP-ViL", ["clip_vil"], ["encoder.visn_fc.visn_fc.weight"]),
        ("T5", ["t5"], ["encoder.block.0.layer.0.SelfAttention.q.weight"]),
        ("Whisper by Hugging Face's names", ["whisper"], ["encoder.conv1.weight", "encoder.layers.0.self_attn.q_proj.weight"]),
        ("CLIP with a ViT by OpenAI's names", ["clip_vit", "clip_text"], ["visual.class_embedding", "token_embedding.weight"]),
        ("the image side of CLIP with a ViT by OpenAI's names", ["clip_vit"], ["visual.class_embedding"]),
        ("CLIP with a ResNet by OpenAI's names", ["clip_resnet", "clip_text"], ["visual.attnpool.positional_embedding"]),
        ("CLIP by Hugging Face's names", [], ["vision_model.embeddings.class_embedding"]),
        ("the text side of CLIP by OpenAI's names", ["clip_text"], ["token_embedding.weight", "text_projection"]),
        ("RoBERTa", ["roberta"], ["roberta.embeddings.word_embeddings.weight"]),
        ("BERT or RoBERTa", ["bert", "roberta"], ["embeddings.word_embeddings.weight", "embeddings.token_type_embeddings.weight"]),
        ("DistilBERT", [], ["transformer.layer.0.attention.q_lin.weight"]),
        ("a ResNet or ResNeXt by torchvision's names", ["resnet", "resnet_cntk"], ["layer1.0.conv1.weight", "layer4.0.conv1.weight"]),
        ("MobileNetV2", ["mobilenet_v2"], ["features.0.0.weight", "features.1.conv.0.0.weight"]),
        ("USE Lite", ["use_lite"], ["layers.0.attention.qkv.weight", "layers.0.residual.weight"]),
        ("a vision transformer by timm's names", [], ["blocks.0.attn.qkv.weight"]),
        ("GPT-2", [], ["h.0.attn.c_attn.weight"]),
        ("a language model of LLaMA's kind", [], ["layers.0.self_attn.q_proj.weight", "layers.0.mlp.gate_proj.weight"]),
    ];

    /// <summary>What it looks like, with the architectures that recipes name for it in brackets; null for nothing known.</summary>
    /// <param name="names">The names of its tensors, with whatever prefix.</param>
    public static string? Describe(IReadOnlyCollection<string> names)
    {
        foreach ((string what, string[] architectures, string[] told) in Kinds)
        {
            if (told.All(one => names.Any(name => name.EndsWith(one, StringComparison.Ordinal) && (name.Length == one.Length || name[^(one.Length + 1)] == '.'))))
            {
                string[] known = [.. architectures.Where(BackboneRegistry.Knows)];
                return known.Length > 0 ? $"{what} ({string.Join(", ", known)})" : what;
            }
        }

        return null;
    }
}
