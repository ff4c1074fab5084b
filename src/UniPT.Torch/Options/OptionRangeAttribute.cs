namespace UniPT;

/// <summary>The values that a numeric option, or each element of a list of numbers, may take; both ends included.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionRangeAttribute(double min, double max) : Attribute
{
    /// <summary>The smallest allowed value.</summary>
    public double Min { get; } = min;

    /// <summary>The largest allowed value.</summary>
    public double Max { get; } = max;

    /// <summary>What the value must be a multiple of; 0 for no such rule.</summary>
    public int MultipleOf { get; init; }
}
