using UniPT.Cli.CommandLine;
using UniPT.Torch;

namespace UniPT.Cli.Doctor;

/// <summary>The pretrained backbones that come with the project.</summary>
internal static class ModelChecks
{
    /// <summary>Opens every model of the checkout, or of the current folder where the tool was installed without one.</summary>
    internal static IEnumerable<Finding> Run()
    {
        string folder = Path.Combine(Checkout.Root ?? ".", "models");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.safetensors") : [];
        return (files.Length, Checkout.Root) switch
        {
            (0, null) => [new Finding("models", Health.Good, "there is none in this folder; a recipe says where its backbones are")],
            (0, _) => [new Finding("models", Health.Missing, $"there is none in {Path.GetFullPath(folder)}", "git checkout -- models")],
            _ => files.Order(StringComparer.Ordinal).Select(Open),
        };
    }

    private static Finding Open(string path)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            return new Finding("model", Health.Good, $"{path}, {file.Entries.Count} tensors, {ByteSize.Format(new FileInfo(path).Length)}");
        }
        catch (UserException error)
        {
            return new Finding("model", Health.Missing, error.Message, $"git checkout -- {path}");
        }
    }
}
