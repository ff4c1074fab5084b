using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using UniPT.Backbones.Pretrained;

namespace UniPT.Training.Recipes.Binding;

/// <summary>An option as its record declares it.</summary>
internal sealed class OptionProperty
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionProperty>> Records = new();
    private readonly PropertyInfo _property;

    private OptionProperty(PropertyInfo property)
    {
        _property = property;
        NullabilityInfo nullability = new NullabilityInfoContext().Create(property);
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        IsNullable = nullability.WriteState is NullabilityState.Nullable;
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        Path = property.GetCustomAttribute<OptionPathAttribute>();
        Range = property.GetCustomAttribute<OptionRangeAttribute>();
    }

    internal string Name => OptionName.Of(_property.Name);

    /// <summary>The value's type; of a nullable one the type behind it.</summary>
    internal Type Type { get; }

    internal bool IsNullable { get; }

    internal bool IsRequired { get; }

    /// <summary>For the path of a file or folder; null for others.</summary>
    internal OptionPathAttribute? Path { get; }

    internal OptionRangeAttribute? Range { get; }

    internal MemberInfo Member => _property;

    /// <summary>What a value, or a list, may be, as messages and the reference say it.</summary>
    internal string Allowed => Element is null ? AllowedElement : $"a list in brackets, each element {AllowedElement}";

    /// <summary>What a single value, or each element of a list, may be.</summary>
    internal string AllowedElement =>
        Path switch
        {
            null => OptionText.Describe(Element ?? Type, Range),
            { OrModel: true } => $"the path of an existing file or folder, or a model by name ({string.Join(", ", PretrainedModels.All.Select(model => model.Name))}, or hf:organisation/name)",
            _ => "the path of an existing file or folder",
        };

    /// <summary>The element type of a list; null for others.</summary>
    internal Type? Element => Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(OptionList<>)
        ? Type.GetGenericArguments()[0]
        : null;

    /// <summary>Whether the value is a section of its own: an option record.</summary>
    internal bool IsSection => Type != typeof(string) && Type.IsClass && Element is null;

    internal object? Get(object record) => _property.GetValue(record);

    internal void Set(object record, object? value) => _property.SetValue(record, value);

    /// <summary>The options of a record, inherited ones first, in the order of their declaration.</summary>
    internal static IReadOnlyList<OptionProperty> Of(Type record) => Records.GetOrAdd(record, Declared);

    private static IReadOnlyList<OptionProperty> Declared(Type record) =>
    [
        .. record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .OrderBy(property => Depth(property.DeclaringType!))
            .ThenBy(property => property.MetadataToken)
            .Select(property => new OptionProperty(property)),
    ];

    private static int Depth(Type type) => type.BaseType is null ? 0 : 1 + Depth(type.BaseType);
}
