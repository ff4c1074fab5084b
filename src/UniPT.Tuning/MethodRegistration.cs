namespace UniPT.Tuning;

/// <summary>A tuning method as recipes know it: its name, its option record, and how the two make the method.</summary>
public sealed class MethodRegistration
{
    private readonly Func<object, TuningMethod> _create;

    private MethodRegistration(string name, Type options, Func<object, TuningMethod> create) =>
        (Name, Options, _create) = (name, options, create);

    /// <summary>The name in recipes, such as <c>unipt</c>.</summary>
    public string Name { get; }

    /// <summary>The option record: init properties with defaults.</summary>
    public Type Options { get; }

    /// <summary>Registers a method under a name.</summary>
    public static MethodRegistration Of<TOptions>(string name, Func<TOptions, TuningMethod> create)
        where TOptions : class, new() => new(name, typeof(TOptions), options => create((TOptions)options));

    /// <summary>The method with the given options, a record of type <see cref="Options"/>.</summary>
    public TuningMethod Create(object options) => _create(options);
}
