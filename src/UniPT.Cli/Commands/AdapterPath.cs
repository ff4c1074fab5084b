namespace UniPT.Cli.Commands;

/// <summary>Lets a run's folder stand for the adapter in it.</summary>
internal static class AdapterPath
{
    internal static string Of(string path)
    {
        string inside = Path.Combine(path, "adapter");
        return Directory.Exists(inside) ? inside : path;
    }
}
