using UniPT.Tasks.Shared.DataSets;
using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>
/// Features of a split's pictures that a detector computed before, an array <c>[pictures, regions, 2048]</c> (<c>train_ims.npy</c>, as SCAN published them); rows that nobody
/// asks for stay on the disk. Safe to use from several threads.
/// </summary>
internal sealed class RegionRows : IDisposable
{
    private const int Width = 2048;
    private const int MostRegions = 1_000;
    private const int SampledRows = 64;
    private readonly NpyFile _file;

    private RegionRows(NpyFile file) => _file = file;

    /// <summary>Rows of the array.</summary>
    internal int Count => (int)_file.Shape[0];

    /// <summary>Regions of every picture.</summary>
    internal int Regions => (int)_file.Shape[1];

    /// <summary>Numbers of every picture.</summary>
    internal long Numbers => _file.Shape[1] * _file.Shape[2];

    /// <summary>Shape and type, as <c>[29000, 36, 2048] float32</c>.</summary>
    internal string Described => $"[{string.Join(", ", _file.Shape)}] {_file.Type.ToString().ToLowerInvariant()}";

    /// <summary>Opens an array; null after a problem.</summary>
    internal static RegionRows? Open(DataSetFiles files, string name, DataSetProblems problems)
    {
        if (!Directory.Exists(files.Path))
        {
            problems.Add(name, "cannot be read inside of a zip; unpack the data set into a folder");
            return null;
        }

        if (!files.Sizes.ContainsKey(name))
        {
            problems.Add(name, $"{files.OddLinks.GetValueOrDefault(name, "does not exist")}; the regions of its split were expected there");
            return null;
        }

        NpyFile file;
        try
        {
            file = NpyFile.Open(Path.Combine(files.Path, name));
        }
        catch (UserException error)
        {
            string place = Path.Combine(files.Path, name);
            problems.Add(name, (error.Message.StartsWith(place, StringComparison.Ordinal) ? error.Message[place.Length..].Trim() : error.Message).TrimEnd('.'));
            return null;
        }

        if (file.Shape is [> 0 and <= int.MaxValue, > 0 and <= MostRegions, Width])
        {
            return new RegionRows(file);
        }

        problems.Add(name, $"has the shape [{string.Join(", ", file.Shape)}]; expected [pictures, regions, {Width}] with 1 to {MostRegions} regions, such as 36");
        file.Dispose();
        return null;
    }

    /// <summary>The regions <c>[B, R, 2048]</c> of some rows, as float32; belongs to the current scope.</summary>
    internal Tensor Read(IReadOnlyList<int> rows) => _file.Rows(rows);

    /// <summary>Adds what tells the array from others to a fingerprint: its shape and, since it may have 30 GB, the numbers of a few rows from all over it.</summary>
    internal void Write(BinaryWriter fingerprint)
    {
        fingerprint.Write(Described);
        int sampled = Math.Min(SampledRows, Count);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor rows = Read([.. Enumerable.Range(0, sampled).Select(i => (int)((long)i * Count / sampled))]);
        TensorData.WriteTo(rows, piece => fingerprint.Write(piece));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
