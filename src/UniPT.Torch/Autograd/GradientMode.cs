using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>Restores, when disposed, whether operations are recorded.</summary>
public readonly ref struct GradientMode
{
    private readonly int _before;

    internal GradientMode(bool enabled)
    {
        _before = Bridge.unipt_grad_enabled();
        Bridge.unipt_grad_set_enabled(enabled ? 1 : 0);
    }

    /// <summary>Restores the mode.</summary>
    public void Dispose() => Bridge.unipt_grad_set_enabled(_before);
}
