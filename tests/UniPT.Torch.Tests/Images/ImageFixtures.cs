using UniPT.Testing;

namespace UniPT.Torch.Tests.Images;

/// <summary>The pictures that <c>Fixtures/make_fixtures.py</c> made.</summary>
internal static class ImageFixtures
{
    internal static string Path(string name) =>
        System.IO.Path.Combine(RepositoryPaths.Root, "tests", "UniPT.Torch.Tests", "Images", "Fixtures", name);
}
