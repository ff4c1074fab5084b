using System.Text.Json;

namespace UniPT.Training.Recipes.Binding;

/// <summary>Names of options as recipes spell them.</summary>
internal static class OptionName
{
    /// <summary>A recipe's spelling of a property or enumeration member: <c>batch_size</c>, <c>crop_flip</c>.</summary>
    internal static string Of(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    /// <summary>A dotted key.</summary>
    internal static string Join(string section, string name) => section.Length == 0 ? name : $"{section}.{name}";
}
