using UniPT.Testing;

namespace UniPT.Backbones.Tests.Media;

/// <summary>The pictures that <c>Fixtures/make_fixtures.py</c> made.</summary>
internal static class ImageFixtures
{
    internal static string Path(string name) =>
        System.IO.Path.Combine(RepositoryPaths.Root, "tests", "UniPT.Backbones.Tests", "Media", "Fixtures", name);
}
