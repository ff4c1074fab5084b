namespace UniPT.Torch;

/// <summary>
/// A linear map over channels that may be extended without being known to what extends it: a <see cref="Linear"/>, some
/// of the outputs of one, or a convolution.
/// </summary>
public abstract class LinearMap : Module
{
    /// <inheritdoc/>
    protected LinearMap(Weights place) : base(place)
    {
    }

    /// <inheritdoc/>
    protected LinearMap()
    {
    }

    /// <summary>Channels that come in.</summary>
    public abstract long Input { get; }

    /// <summary>Channels that go out.</summary>
    public abstract long Output { get; }

    /// <summary>Whether it maps <c>[B, C, H, W]</c> along dimension 1, and not tokens along the last one.</summary>
    public abstract bool OnMaps { get; }

    /// <summary>Height and width of a convolution's kernels, whose padding is half of it; 1 for others.</summary>
    public virtual long Kernel => 1;

    /// <summary>A convolution's stride; 1 for others.</summary>
    public virtual long Stride => 1;

    /// <summary><c>[out, in]</c>, or <c>[out, in, kh, kw]</c> of a convolution; owned by the store.</summary>
    public abstract Tensor Weight { get; }

    /// <summary><c>[out]</c>, owned by the store; null without one.</summary>
    public abstract Tensor? Bias { get; }

    /// <summary>The weight's full name in the store, which the parts of one map share.</summary>
    public string WeightName => Place.FullName("weight");

    /// <summary>What is added to the map, or null.</summary>
    public LinearExtension? Extension { get; set; }

    /// <summary>A bias that a method adds to a map without one, <c>[out]</c>; null for none.</summary>
    public Tensor? AddedBias { get; set; }

    /// <summary>Where the weight stands.</summary>
    protected abstract Weights Place { get; }

    /// <summary>What stands for this map's weight in a dictionary by the store's names.</summary>
    public virtual Tensor WeightIn(IReadOnlyDictionary<string, Tensor> byName) => byName[Place.FullName("weight")];

    /// <summary>How the weight in the checkpoint has to change for <see cref="Weight"/>, which may have been computed from it, to change so.</summary>
    /// <param name="change">In the weight's shape.</param>
    /// <exception cref="UserException">No change of the checkpoint's weight does that.</exception>
    public virtual Tensor InCheckpoint(Tensor change) => change;

    /// <summary>Changes the frozen weight in place, until <see cref="RestoreWeight"/>.</summary>
    public void ChangeWeight(Action<Tensor> change)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Place.Change("weight");
        change(Weight);
    }

    /// <summary>Makes the whole weight, of which this map may be a part, what it was before any change, to the bit.</summary>
    public void RestoreWeight() => Place.Restore("weight");

    /// <summary>The map itself.</summary>
    protected abstract Tensor Map(Tensor input);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        if (Extension is not { } extension)
        {
            return Shifted(input);
        }

        Tensor given = extension.Before(input);
        return extension.After(given, Shifted(given));
    }

    private Tensor Shifted(Tensor input) => AddedBias is { } bias ? Map(input).Add(bias) : Map(input);
}
