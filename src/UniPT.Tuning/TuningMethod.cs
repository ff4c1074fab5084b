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

    /// <summary>Whether it runs the last blocks of the backbone itself, on what it made of the hidden states before them, so that it shares no pass with others.</summary>
    public virtual bool RunsBlocks => false;

    /// <summary>Puts the method beside or into a stream of a backbone. A method may be attached to several streams, each with its options.</summary>
    /// <param name="stream">Of the pretrained network, such as <c>backbone.Streams["image"]</c>.</param>
    /// <param name="weights">Where the method's own weights are made or loaded.</param>
    /// <param name="output">
    /// Width of the adapted features; null for the stream's own: methods that change the hidden states then give these as they are, without a
    /// projection.
    /// </param>
    /// <exception cref="UserException">The method is not defined for this stream, or an option does not fit it.</exception>
    public abstract TunedBackbone Attach(BackboneStream stream, Weights weights, int? output);

    /// <summary>Puts the method, freshly initialised, beside or into a stream; its weights are the result's <see cref="TunedBackbone.Store"/>.</summary>
    /// <param name="stream">Of the pretrained network.</param>
    /// <param name="output">Width of the adapted features; null for the stream's own.</param>
    /// <param name="seed">Of the initialisation.</param>
    /// <exception cref="UserException">The method is not defined for this stream, or an option does not fit it.</exception>
    public TunedBackbone Attach(BackboneStream stream, int? output = null, long seed = 1)
    {
        Weights weights = Weights.Fresh(seed, stream.Backbone.Store.Device);
        try
        {
            return Attach(stream, weights, output);
        }
        catch
        {
            weights.Store.Dispose();
            throw;
        }
    }
}
