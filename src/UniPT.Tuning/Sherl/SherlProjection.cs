namespace UniPT.Tuning.Sherl;

/// <summary>How a hidden state becomes as narrow as what is merged.</summary>
public enum SherlProjection
{
    /// <summary>By a multi-tiered sensing adapter: <c>h = relu(W₁x)</c>, <c>(W₂h + h)·σ(W₃h)</c>.</summary>
    Tiered,

    /// <summary>By a linear map and a layer norm.</summary>
    Normed,
}
