using UniPT.Backbones;
using UniPT.Backbones.UserModels;

namespace UniPT.Testing;

/// <summary>A small frozen encoder–decoder as a user might have one: maps with a tanh, of which the decoder's read the mean of the encoder's last.</summary>
public sealed class EncoderDecoder : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>[] _encoder;
    private readonly nn.Module<Tensor, Tensor>[] _decoder;

    public EncoderDecoder(int width = 8) : base("encoder_decoder")
    {
        nn.Module<Tensor, Tensor> Layer(string name)
        {
            var layer = nn.Sequential(("map", nn.Linear(width, width)), ("act", nn.Tanh()));
            register_module(name, layer);
            return layer;
        }

        _encoder = [Layer("e0"), Layer("e1"), Layer("e2")];
        _decoder = [Layer("d0"), Layer("d1"), Layer("d2")];
    }

    /// <summary>As a backbone with the streams <c>encoder</c> and <c>decoder</c>.</summary>
    public ModuleBackbone ToBackbone(BackboneInput example) =>
        new(this, example, input => call(input["source"], input["target"]), ("encoder", ["e0", "e1", "e2"]), ("decoder", ["d0", "d1", "d2"]));

    /// <summary>Sequences <c>[B, S, width]</c> and <c>[B, T, width]</c> with the parts' masks.</summary>
    public static BackboneInput Input(Tensor source, Tensor target, Tensor? mask = null) =>
        new([("source", source), ("target", target), .. mask is null ? Array.Empty<(string, Tensor)>() : [("encoder_mask", mask)]]);

    public override Tensor forward(Tensor source, Tensor target)
    {
        foreach (nn.Module<Tensor, Tensor> layer in _encoder)
        {
            source = layer.call(source);
        }

        Tensor memory = source.mean([1], true);
        foreach (nn.Module<Tensor, Tensor> layer in _decoder)
        {
            target = layer.call(target.add(memory));
        }

        return target;
    }
}
