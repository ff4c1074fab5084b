namespace UniPT.Benchmarks;

/// <summary>The repository's pretrained weights, found from the folder of the built program.</summary>
internal static class Models
{
    internal static string PathOf(string backbone) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../models", $"{backbone}.safetensors"));
}
