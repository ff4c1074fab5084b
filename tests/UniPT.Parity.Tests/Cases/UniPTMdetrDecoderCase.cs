using UniPT.Tuning.UniPT.EncoderDecoder;

namespace UniPT.Parity.Tests.Cases;

/// <summary>UniPT beside MDETR's decoder, with the crossings into the side memory.</summary>
internal sealed class UniPTMdetrDecoderCase : IParityCase
{
    public string Name => "unipt-mdetr-decoder";

    public void Check(GoldenFile file)
    {
        int channels = file.Config.Number("d_model");
        Tensor[] layers = UniPTMdetr.Layers(file, "decoder", () => file.Input("decoder.out.0").zeros_like());
        Tensor? valid = file.Has("input.encoder_mask") ? file.Input("encoder_mask").to(ScalarType.Float32) : null;
        ModuleParity.Check(
            file,
            weights => new Dictionary<string, Tensor>
            {
                ["hs"] = torch.stack([
                    .. new SideDecoder(weights, [.. layers.Select(_ => channels)], channels / 2, channels, UniPTMdetr.Form(file))
                        .Forward(layers, file.Input("side_img_memory"), valid),
                ]),
            },
            UniPTMdetr.Names("decoder", layers.Length - 1).Of);
    }
}
