using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>A way to adapt a backbone. One folder a method: options, method, modules.</summary>
public abstract class TuningMethod
{
    /// <summary>The method's name in recipes, such as <c>unipt</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether all of the backbone's own weights train; they are then opened for training.</summary>
    public virtual bool TrainsBackbone => false;

    /// <inheritdoc cref="TunedBackbone.ChangesHiddenStates"/>
    public virtual bool ChangesHiddenStates => TrainsBackbone;

    /// <summary>Puts the method beside or into a backbone.</summary>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="weights">Where the method's own weights are made or loaded.</param>
    /// <param name="output">Width of the adapted features.</param>
    /// <exception cref="UserException">The method is not defined for this backbone, or an option does not fit it.</exception>
    public abstract TunedBackbone Attach(Backbone backbone, Weights weights, int output);

    /// <summary>Puts the method, freshly initialised, beside or into a backbone; its weights are the result's <see cref="TunedBackbone.Store"/>.</summary>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="output">Width of the adapted features; null for that of the last hidden state.</param>
    /// <param name="seed">Of the initialisation.</param>
    /// <exception cref="UserException">The method is not defined for this backbone, or an option does not fit it.</exception>
    public TunedBackbone Attach(Backbone backbone, int? output = null, long seed = 1)
    {
        Weights weights = Weights.Fresh(seed, backbone.Store.Device);
        try
        {
            return Attach(backbone, weights, output ?? backbone.Widths[^1]);
        }
        catch
        {
            weights.Store.Dispose();
            throw;
        }
    }
}
