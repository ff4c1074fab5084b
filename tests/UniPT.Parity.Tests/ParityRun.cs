namespace UniPT.Parity.Tests;

/// <summary>The golden files of one folder, each checked by its case.</summary>
internal sealed class ParityRun
{
    private static readonly IParityCase[] Cases = [.. typeof(IParityCase).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IParityCase)))
        .Select(type => (IParityCase)Activator.CreateInstance(type)!)];

    private readonly List<string> _skipped = [];
    private readonly List<string> _failures = [];

    /// <summary>Files whose case is known, whether they agree or not.</summary>
    public int Checked { get; private set; }

    /// <summary>Cases without a class here.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>One message for each file that differs or is broken.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public static ParityRun Over(string folder)
    {
        var run = new ParityRun();
        IEnumerable<string> files = Directory.EnumerateFiles(folder)
            .Where(path => Path.GetExtension(path) is ".safetensors" or ".jsonl")
            .Order(StringComparer.Ordinal);
        foreach (string path in files)
        {
            run.Check(path);
        }

        return run;
    }

    private void Check(string path)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            using GoldenFile file = GoldenFile.Open(path);
            if (Find(file) is { } found)
            {
                Checked++;
                found.Check(file);
            }
            else
            {
                _skipped.Add(Path.GetFileNameWithoutExtension(path));
            }
        }
        catch (Exception error)
        {
            _failures.Add(error is ParityException or UserException ? error.Message : $"{path}: {error}");
        }
    }

    private static IParityCase? Find(GoldenFile file) => file.NamesItsCase
        ? Cases.FirstOrDefault(known => known.Name == file.Case)
        : Cases.Where(known => file.Case.StartsWith(known.Name, StringComparison.Ordinal)).MaxBy(known => known.Name.Length);
}
