using UniPT.Backbones;

namespace UniPT.Tuning;

/// <summary>
/// Several adapters beside the streams of one frozen backbone, which runs once for all of them: what they add costs one small network
/// each. Only methods that leave the hidden states as they are can share a pass.
/// </summary>
/// <param name="backbone">The backbone that runs.</param>
public sealed class AdapterSet(Backbone backbone)
{
    private readonly List<TunedBackbone> _adapters = [];

    /// <summary>The adapters, in the order in which they were added.</summary>
    public IReadOnlyList<TunedBackbone> Adapters => _adapters;

    /// <summary>Adds an adapter; the set does not own its weights.</summary>
    /// <exception cref="UserException">It changes the hidden states, or is attached to another backbone.</exception>
    public void Add(TunedBackbone adapter)
    {
        if (adapter.ChangesHiddenStates)
        {
            throw new UserException($"An adapter that changes the hidden states of {backbone.Name} cannot share its pass with others.");
        }

        if (adapter.Backbone != backbone)
        {
            throw new UserException($"The adapter is attached to another {adapter.Backbone.Name} than the set's {backbone.Name}.");
        }

        _adapters.Add(adapter);
    }

    /// <summary>The hidden states of all streams, not recorded, that the adapters read: each those that its <see cref="TunedBackbone.Stream"/> takes of them.</summary>
    public BackboneOutput Hidden(BackboneInput input)
    {
        using IDisposable unrecorded = torch.no_grad();
        return backbone.forward(input);
    }

    /// <summary>The adapted features of one input from one pass, one for each adapter; the hidden states are freed.</summary>
    public IReadOnlyList<TunedFeatures> Forward(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BackboneOutput hidden = Hidden(input);
        return [.. _adapters.Select(adapter => adapter.Adapt(adapter.Stream.Of(hidden)).HandOut(scope))];
    }
}
