namespace UniPT.Tuning.UniPT.Forms;

/// <summary>The type in which hidden states are kept and multiplied.</summary>
public enum Precision
{
    /// <summary>The backbone's own.</summary>
    Backbone,

    /// <summary>16-bit brain floating point: half the memory, and faster where the processor or GPU multiplies it.</summary>
    Bfloat16,
}
