using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Losses;

/// <summary>The recipe's loss with its schedule over epochs.</summary>
internal sealed class RetrievalObjective
{
    private readonly LossOptions _options;
    private readonly HingeLoss _hinge;
    private readonly InfoNceLoss? _infoNce;

    /// <summary>A learned temperature is made at <paramref name="weights"/>.</summary>
    internal RetrievalObjective(LossOptions options, Weights weights)
    {
        _options = options;
        _hinge = new HingeLoss(options.Margin);
        if (options.Kind == LossKind.Infonce)
        {
            _infoNce = options.LearnTemperature ? new InfoNceLoss(weights, options.Temperature) : new InfoNceLoss(options.Temperature);
        }
    }

    /// <summary>The loss of unit vectors <c>[B, D]</c> whose rows are pairs; a scalar.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="captions">Their captions.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="progress">The share of the epoch's steps that are done.</param>
    internal Tensor Compute(Tensor images, Tensor captions, int epoch, double progress)
    {
        if (_infoNce is not null)
        {
            return _infoNce.Forward(images, captions);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor loss = _hinge.Forward(images, captions, hardest: epoch >= _options.SumEpochs);

        // The published ramp: over the first epoch of hardest negatives the loss grows from exactly 0.
        bool ramps = _options.Ramp && epoch == _options.SumEpochs && epoch > 0;
        return scope.MoveToOuter(ramps ? loss * Scalars.Of(progress) : loss);
    }
}
