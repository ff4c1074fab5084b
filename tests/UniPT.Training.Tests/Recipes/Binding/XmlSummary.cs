using System.Collections.Concurrent;
using System.Reflection;
using System.Xml.Linq;
using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Tests.Recipes.Binding;

/// <summary>
/// The summaries of doc comments, from the XML file that the compiler puts beside an assembly: what an option means is
/// written once.
/// </summary>
internal static class XmlSummary
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = new();

    /// <summary>A record's summary as Markdown.</summary>
    internal static string Of(Type type) => Find(type.Assembly, $"T:{Name(type)}");

    /// <summary>The summary of a property or an enumeration's member as Markdown.</summary>
    internal static string Of(MemberInfo member)
    {
        char kind = member is PropertyInfo ? 'P' : 'F';
        return Find(member.Module.Assembly, $"{kind}:{Name(member.DeclaringType!)}.{member.Name}");
    }

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string Find(Assembly assembly, string id)
    {
        if (!Files.GetOrAdd(assembly, Load).TryGetValue(id, out XElement? summary))
        {
            throw new InvalidOperationException($"{id} has no summary.");
        }

        return summary.Name.LocalName == "inheritdoc"
            ? Find(assembly, summary.Attribute("cref")!.Value)
            : string.Join(' ', Render(summary).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
    }

    private static Dictionary<string, XElement> Load(Assembly assembly) =>
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
            .Descendants("member")
            .Where(member => member.Element("summary") is not null || member.Element("inheritdoc") is not null)
            .ToDictionary(
                member => member.Attribute("name")!.Value,
                member => member.Element("summary") ?? member.Element("inheritdoc")!);

    private static string Render(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => $"`{OptionName.Of(see.Attribute("cref")!.Value.Split('.')[^1])}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => Render(other),
        _ => "",
    }));
}
