namespace UniPT.Tuning.Lst;

/// <summary>How a side state and a layer of the backbone are mixed.</summary>
public enum GateKind
{
    /// <summary>By a trained share of the side state.</summary>
    Learnable,

    /// <summary>By a fixed share of the side state.</summary>
    Constant,

    /// <summary>They are added.</summary>
    None,
}
