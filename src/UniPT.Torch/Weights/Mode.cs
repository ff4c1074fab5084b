namespace UniPT.Torch;

/// <summary>Whether the modules of one weight store behave as in training (dropout, batch statistics) or not.</summary>
public sealed class Mode
{
    /// <summary>False after construction.</summary>
    public bool Training { get; set; }
}
