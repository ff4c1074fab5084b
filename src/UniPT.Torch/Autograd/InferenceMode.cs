using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>Leaves inference mode when disposed.</summary>
public readonly ref struct InferenceMode
{
    private readonly nint _guard;

    /// <summary>Enters inference mode.</summary>
    public InferenceMode() => Bridge.Check(Bridge.unipt_inference_enter(out _guard));

    /// <summary>Leaves inference mode.</summary>
    public void Dispose() => Bridge.unipt_inference_leave(_guard);
}
