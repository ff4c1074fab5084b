using UniPT.Torch;

namespace UniPT.Tuning.Lora;

/// <summary>The low-rank update of one linear map: <c>(α/r)·B·A·dropout(x)</c>.</summary>
internal sealed class LoraUpdate : LinearExtension
{
    private readonly LinearMap _map;
    private readonly Tensor _a;
    private readonly Tensor _b;
    private readonly Module _down;
    private readonly Module _up;
    private readonly Dropout _dropout;
    private readonly double _scale;

    /// <summary>Takes <c>lora_A.weight [r, in]</c>, uniform, and <c>lora_B.weight [out, r]</c>, zero; on maps with the kernel and with <c>1, 1</c> behind.</summary>
    public LoraUpdate(LinearMap map, Weights weights, LoraOptions options)
    {
        (_map, _scale) = (map, options.Alpha / options.Rank);
        _down = ChannelMap.Beside(weights / "lora_A", map, options.Rank);
        _up = ChannelMap.Create(weights / "lora_B", map.OnMaps, options.Rank, map.Output, bias: false, Initializers.Zeros);
        (_a, _b) = ((weights / "lora_A").Parameters[0], (weights / "lora_B").Parameters[0]);
        _dropout = new Dropout(weights, options.Dropout);
    }

    /// <inheritdoc/>
    public override Tensor After(Tensor input, Tensor output)
    {
        output.add_(_up.forward(_down.forward(_dropout.forward(input))), Scalars.Of(_scale));
        return output;
    }

    /// <summary>Makes the update part of the map's weight.</summary>
    public void Merge()
    {
        _map.Extension = null;
        _map.ChangeWeight(weight => weight.add_(_b.flatten(1).MatMul(_a.flatten(1)).view(weight.shape), Scalars.Of(_scale)));
    }

    /// <summary>Takes the weight back to what it was.</summary>
    public void Unmerge()
    {
        _map.RestoreWeight();
        _map.Extension = this;
    }
}
