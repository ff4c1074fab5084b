namespace UniPT.Backbones;

/// <summary>How a hidden state is laid out.</summary>
public enum HiddenLayout
{
    /// <summary><c>[B, N, D]</c>.</summary>
    Tokens,

    /// <summary><c>[B, C, H, W]</c>.</summary>
    Maps,
}
