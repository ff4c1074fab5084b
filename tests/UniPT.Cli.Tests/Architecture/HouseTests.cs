using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using UniPT.Testing;

namespace UniPT.Cli.Tests.Architecture;

/// <summary>An arrow goes only downwards, and nothing below the tasks knows one of them.</summary>
public sealed partial class HouseTests
{
    /// <summary>From the top to the bottom.</summary>
    private static readonly string[] Floors = ["UniPT.Cli", "UniPT.Tasks", "UniPT.Reports", "UniPT.Training", "UniPT.Tuning", "UniPT.Backbones", "UniPT.Torch"];

    public static TheoryData<string> BelowTasks => [.. Floors[2..]];

    [Fact]
    public void EveryProjectIsAFloor() => Assert.Equal(
        Floors.Order(), Directory.GetDirectories(Path.Combine(RepositoryPaths.Root, "src")).Select(folder => Path.GetFileName(folder)).Order());

    [Fact]
    public void ProjectsReferToTheFloorsBelowThem()
    {
        foreach ((int floor, string project) in Floors.Index())
        {
            var file = XDocument.Load(Path.Combine(RepositoryPaths.Root, "src", project, $"{project}.csproj"));
            string[] referred = [.. file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))];
            Assert.All(referred, name => Assert.True(Array.IndexOf(Floors, name) > floor, $"{project} refers to {name}."));
        }
    }

    [Theory]
    [MemberData(nameof(BelowTasks))]
    public void NoPublicTypeBelowTheTasksNamesOneOfThem(string project)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;
        string[] names =
        [
            .. from type in Assembly.Load(project).GetExportedTypes()
               from name in type.GetMembers(All).SelectMany(member => Names(member)).Prepend(type.FullName!)
               where Word().IsMatch(name)
               select $"{type.FullName}: {name}",
        ];
        Assert.Empty(names);
    }

    [Theory]
    [InlineData("CaptionUse", true)]
    [InlineData("RecallAt1", true)]
    [InlineData("imageTower", true)]
    [InlineData("pairs", true)]
    [InlineData("KeyValuePair", false)]
    [InlineData("TextRepair", false)]
    [InlineData("EncodePair", false)]
    public void TheWordsOfRetrievalAreFound(string name, bool found) => Assert.Equal(found, Word().IsMatch(name));

    private static IEnumerable<string> Names(MemberInfo member) =>
        member is MethodBase method ? method.GetParameters().Select(parameter => parameter.Name ?? "").Append(member.Name) : [member.Name];

    // Two texts that are read together are a pair too.
    [GeneratedRegex("[Cc]aption|[Rr]ecall|[Tt]ower|(?<![A-Za-z])pairs?(?![a-z])|Pairs(?![a-z])")]
    private static partial Regex Word();
}
