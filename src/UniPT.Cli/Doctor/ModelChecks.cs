using UniPT.Backbones.Pretrained;
using UniPT.Cli.CommandLine;
using UniPT.Torch;

namespace UniPT.Cli.Doctor;

/// <summary>The pretrained backbones: those that come with the project, and those that are fetched.</summary>
internal static class ModelChecks
{
    /// <summary>Opens every model that is here.</summary>
    internal static IEnumerable<Finding> Run() => Bundled().Concat(Fetched());

    private static IEnumerable<Finding> Fetched()
    {
        if (UserCache.Folder is null)
        {
            return [new Finding("models", Health.Slow, "there is no place for those that are fetched", $"set {UserCache.Variable} to a folder")];
        }

        ModelCache cache = ModelCache.Default();
        return PretrainedModels.All.Select(model => cache.Find(model) is { } folder
            ? Open(Path.Combine(folder, PretrainedModel.WeightsFile), $"rm -r {folder}")
            : new Finding("model", Health.Good, $"{model.Name} is not here yet; it is fetched when a recipe needs it, or by: unipt models --fetch {model.Name}"));
    }

    /// <summary>Those of the checkout, or of the current folder where the tool was installed without one.</summary>
    private static IEnumerable<Finding> Bundled()
    {
        string folder = Path.Combine(Checkout.Root ?? ".", "models");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.safetensors") : [];
        return (files.Length, Checkout.Root) switch
        {
            (0, null) => [new Finding("models", Health.Good, "there is none in this folder; a recipe says where its backbones are")],
            (0, _) => [new Finding("models", Health.Missing, $"there is none in {Path.GetFullPath(folder)}", "git checkout -- models")],
            _ => files.Order(StringComparer.Ordinal).Select(file => Open(file, $"git checkout -- {file}")),
        };
    }

    private static Finding Open(string path, string advice)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            return new Finding("model", Health.Good, $"{path}, {file.Entries.Count} tensors, {ByteSize.Format(new FileInfo(path).Length)}");
        }
        catch (UserException error)
        {
            return new Finding("model", Health.Missing, error.Message, advice);
        }
    }
}
