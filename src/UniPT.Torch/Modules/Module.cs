namespace UniPT.Torch;

/// <summary>
/// A computation with weights, from one tensor to one. A call opens a scope and hands its result out, so that what
/// is computed in between dies with the call (or with the recorded graph that needs it).
/// </summary>
public abstract class Module
{
    /// <summary>Applies the module.</summary>
    public Tensor Forward(Tensor input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Compute(input));
    }

    /// <summary>The computation itself; everything made in it but the result is freed.</summary>
    protected abstract Tensor Compute(Tensor input);
}
