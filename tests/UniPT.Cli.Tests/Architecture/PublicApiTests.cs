using System.Reflection;
using PublicApiGenerator;
using UniPT.Testing;

namespace UniPT.Cli.Tests.Architecture;

/// <summary>The public API of every package as it is committed in <c>tests/api</c>: a change of it is seen in review.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Packages => ["UniPT.Torch", "UniPT.Backbones", "UniPT.Tuning", "UniPT.Training", "UniPT.Reports", "UniPT.Tasks"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void IsWhatWasCommitted(string package) => CommittedPage.Check(
        Path.Combine(RepositoryPaths.Root, "tests", "api", $"{package}.txt"),
        Assembly.Load(package).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n",
        "the public types");
}
