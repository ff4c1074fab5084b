namespace UniPT.Parity.Tests;

/// <summary>Rebuilds what one kind of golden file recorded and compares; every implementation is found by itself.</summary>
internal interface IParityCase
{
    /// <summary>The <c>case</c> of the file's metadata, or how the name of a file without one starts.</summary>
    string Name { get; }

    /// <summary>Throws where something differs.</summary>
    void Check(GoldenFile file);
}
