using UniPT.Backbones;
using UniPT.Backbones.T5;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>A backbone, pretrained where its weights are here, with a small input.</summary>
internal sealed class Host : IDisposable
{
    private Host(Backbone backbone, BackboneStream stream, BackboneInput input) => (Backbone, Stream, Input) = (backbone, stream, input);

    public Backbone Backbone { get; }

    public BackboneStream Stream { get; }

    public BackboneInput Input { get; }

    /// <summary>Opens a host; call it inside a scope that lives as long.</summary>
    /// <param name="place">The backbone's name, and that of a stream after a slash where it has several.</param>
    /// <param name="trainable">Whether the backbone's own weights train.</param>
    public static Host Open(string place, bool trainable = false)
    {
        string[] parts = place.Split('/');
        string name = parts[0];

        // What a recurrent network reads, vectors or words, is a matter of its weights.
        string checkpoint = name is "gru" or "lstm" ? place : name;
        TorchRuntime.ManualSeed(5);
        BackboneInput input = checkpoint switch
        {
            "mobilenet_v2" or "resnet" or "resnet_cntk" or "clip_resnet" => new(torch.rand(3, 3, 64, 32)),
            "clip_vit" => new(torch.rand(3, 3, SmallBackbones.Resolution, SmallBackbones.Resolution)),
            "clip_vil" => new(
                (BackboneInput.PixelsPart, torch.rand(3, 3, 64, 32)),
                (BackboneInput.TokensPart, Ids()),
                (BackboneInput.MaskPart, TokenMask.From([3, 1, 2], 3)),
                (BackboneInput.SegmentsPart, TensorData.From([0L, 1, 1, 0, 0, 0, 0, 1, 0], 3, 3))),
            "mdetr" => new((BackboneInput.PixelsPart, torch.rand(3, 3, 40, 70)), (BackboneInput.TokensPart, Ids()), (BackboneInput.MaskPart, TokenMask.From([3, 1, 2], 3))),
            "regions" => new((BackboneInput.RegionsPart, torch.rand(3, 5, 2048)), (BackboneInput.MaskPart, TokenMask.From([3, 5, 2], 5))),
            "t5" => new(
                (BackboneInput.TokensPart, Ids()),
                (BackboneInput.MaskPart, TokenMask.From([3, 1, 2], 3)),
                (T5Model.DecoderTokensPart, TensorData.From([0L, 6, 15, 1, 0, 804, 1, 0, 0, 9, 31, 1], 3, 4)),
                (T5Model.DecoderMaskPart, TokenMask.From([4, 3, 4], 4))),
            "gru" or "gru/audio" or "lstm/audio" or "whisper" => BackboneInput.Signals(torch.randn(3, 6, SmallBackbones.Channels), TokenMask.From([6, 2, 4], 6)),
            _ => new(Ids(), [3, 1, 2]),
        };
        string pretrained = Path.Combine(RepositoryPaths.Models, $"{name}.safetensors");
        Backbone backbone = File.Exists(pretrained) ? BackboneRegistry.Open(name, pretrained, trainable) : SmallBackbones.Open(checkpoint, trainable);
        return new(backbone, parts.Length > 1 ? backbone.Streams[parts[1]] : backbone.Streams.Only, input);
    }

    private static Tensor Ids() => TensorData.From([11L, 2002, 7, 102, 0, 0, 311, 38, 0], 3, 3);

    public void Dispose() => Backbone.Store.Dispose();
}
