namespace UniPT.Testing;

/// <summary>A folder of its own for one test, removed with everything in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Where it is.</summary>
    public string FullName { get; } = Directory.CreateTempSubdirectory("unipt-test-").FullName;

    /// <summary>A path inside it.</summary>
    public string File(params string[] parts) => Path.Combine([FullName, .. parts]);

    /// <summary>Removes it.</summary>
    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
