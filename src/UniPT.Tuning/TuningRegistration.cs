namespace UniPT.Tuning;

/// <summary>How a recipe makes a method.</summary>
/// <param name="Options">The method's option record.</param>
/// <param name="Create">Makes the method from such a record.</param>
public sealed record TuningRegistration(Type Options, Func<object, TuningMethod> Create)
{
    internal static TuningRegistration Of<TOptions>(Func<TOptions, TuningMethod> create) => new(typeof(TOptions), options => create((TOptions)options));
}
