using UniPT.Tuning.UniPT.EncoderDecoder;

namespace UniPT.Parity.Tests.Cases;

/// <summary>UniPT beside MDETR's encoder.</summary>
internal sealed class UniPTMdetrEncoderCase : IParityCase
{
    public string Name => "unipt-mdetr-encoder";

    public void Check(GoldenFile file)
    {
        int channels = file.Config.Number("d_model");
        Tensor[] layers = UniPTMdetr.Layers(file, "encoder", () => file.Input("encoder.src"));
        Tensor valid = file.Input("padding_mask").logical_not().to(ScalarType.Float32);
        ModuleParity.Check(
            file,
            weights => new Dictionary<string, Tensor>
            {
                ["side_img_memory"] = new SideEncoder(weights, [.. layers.Select(_ => channels)], channels / 2, UniPTMdetr.Form(file)).Forward(layers, valid),
            },
            UniPTMdetr.Names("encoder", layers.Length - 1).Of);
    }
}
