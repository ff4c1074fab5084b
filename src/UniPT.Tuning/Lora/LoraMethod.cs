using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.BitFit;

namespace UniPT.Tuning.Lora;

/// <summary>
/// Low-rank adaptation (Hu et al., ICLR 2022, arXiv 2106.09685): chosen linear maps get <c>Wx + (α/r)·B·A·dropout(x)</c>
/// with A uniform as in PEFT and B zero, so that the start is the frozen backbone.
/// </summary>
public sealed class LoraMethod(LoraOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "lora";

    /// <inheritdoc/>
    public override bool ChangesHiddenStates => true;

    /// <inheritdoc/>
    public override LoraBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        if (options.Rank < 1)
        {
            throw new UserException($"The rank of lora is {options.Rank}; it must be at least 1.");
        }

        IReadOnlyList<(LinearMap Map, Weights Weights)> maps = BackboneAccess.Linears(stream, weights, options.Targets, Name);
        BiasTuning.Train(stream, weights, options.Biases, Name);
        var updates = new List<LoraUpdate>();
        foreach ((LinearMap map, Weights place) in maps)
        {
            updates.AddRange(LoraUpdate.Create([map], place, options.Rank, options.Alpha / options.Rank, options.Dropout));
        }

        return new LoraBackbone(stream, weights, output, updates);
    }
}
