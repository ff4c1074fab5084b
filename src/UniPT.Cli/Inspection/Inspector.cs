using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Backbones.Pretrained;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

namespace UniPT.Cli.Inspection;

/// <summary>Finds out what a path is, by its content, and prints what a user would want to know of it.</summary>
internal static class Inspector
{
    private const int ListedTensors = 1000;
    private const int ListedValues = 30;

    /// <exception cref="UserException">Nothing is there, it is broken, or it is of no known kind.</exception>
    internal static void Inspect(string path, bool skipBad, TextWriter output)
    {
        if (PretrainedModels.IsName(path) || (!Path.Exists(path) && Path.Exists(WeightsPath.Parse(path).Place)))
        {
            Tensors(PretrainedModels.WeightsOf(path), output);
        }
        else if (Directory.Exists(path))
        {
            InspectFolder(path, skipBad, output);
        }
        else if (!File.Exists(path))
        {
            throw new UserException($"There is no file or folder {path}.");
        }
        else
        {
            InspectFile(path, skipBad, output);
        }
    }

    private static void InspectFolder(string path, bool skipBad, TextWriter output)
    {
        if (File.Exists(Path.Combine(path, "adapter_config.json")))
        {
            Adapter(path, output);
        }
        else if (RunDirectory.IsRun(path))
        {
            output.WriteLine($"{path} is a run of the recipe:");
            output.WriteLine(File.ReadAllText(Path.Combine(path, "recipe.yaml")).TrimEnd());
            string adapter = Path.Combine(path, "adapter");
            if (Directory.Exists(adapter))
            {
                Adapter(adapter, output);
            }
        }
        else if (File.Exists(Path.Combine(path, "config.json")))
        {
            Tensors(path, output);
        }
        else
        {
            DataSet(path, skipBad, output);
        }
    }

    private static void InspectFile(string path, bool skipBad, TextWriter output)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".zip" or ".csv" or ".tsv" or ".jsonl" or ".ndjson" or ".parquet":
                DataSet(path, skipBad, output);
                break;
            case ".json" when TryDataSet(path, skipBad, output): // others may be the index of weights in several files
                break;
            case ".yaml" or ".yml":
                string filledIn = Recipe.Load(path, Catalog.Recipes).ToYaml().TrimEnd();
                output.WriteLine($"{path} is a recipe; with every option filled in:");
                output.WriteLine(filledIn);
                break;
            case ".jpg" or ".jpeg" or ".png" or ".webp" or ".gif" or ".bmp":
                RgbImage image = ImageDecoder.Read(path);
                output.WriteLine($"{path} is a picture of {image.Width} × {image.Height} pixels.");
                break;
            case ".onnx":
                Initialisers(path, output);
                break;
            default:
                Tensors(path, output);
                break;
        }
    }

    private static void Initialisers(string path, TextWriter output)
    {
        OnnxFile file = OnnxFile.Open(path);
        output.WriteLine($"{path} is an ONNX model: {file.Nodes.Count:N0} operations, {file.Names.Count:N0} initialisers");
        foreach (string name in file.Names.Order(StringComparer.Ordinal).Take(ListedTensors))
        {
            output.WriteLine($"  {PrintableText.Of(name)}  [{string.Join(", ", file.Shape(name))}]");
        }

        WriteRest(file.Names.Count, output);
    }

    private static void WriteRest(int count, TextWriter output)
    {
        if (count > ListedTensors)
        {
            output.WriteLine($"  … and {count - ListedTensors} more");
        }
    }

    private static void Tensors(string path, TextWriter output)
    {
        using TensorFile file = TensorFile.Open(path);
        long elements = file.Entries.Values.Sum(entry => entry.Shape.Aggregate(1L, (product, size) => product * size));
        string types = string.Join(", ", file.Entries.Values.Select(entry => entry.TypeName).Distinct().Order(StringComparer.Ordinal));
        output.WriteLine($"{PrintableText.Of(file.Path)} is {file.Format}: {file.Entries.Count} tensors, {elements:N0} elements, {ByteSize.Format(file.Entries.Values.Sum(entry => entry.ByteCount))}, {types}");
        if (CheckpointKind.Describe([.. file.Entries.Keys]) is { } kind)
        {
            output.WriteLine($"  looks like {kind}");
        }

        foreach ((string key, string value) in file.Metadata)
        {
            output.WriteLine($"  # {PrintableText.Of(key)}: {PrintableText.Of(value)}");
        }

        foreach (TensorEntry entry in file.Entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal).Take(ListedTensors))
        {
            output.WriteLine($"  {PrintableText.Of(entry.Name)}  {entry.TypeName}[{string.Join(", ", entry.Shape)}]  {ByteSize.Format(entry.ByteCount)}");
        }

        WriteRest(file.Entries.Count, output);
    }

    private static void Adapter(string folder, TextWriter output)
    {
        AdapterConfig config = AdapterConfig.Read(folder);
        output.WriteLine($"{folder} is an adapter: {config.PeftType} for {config.Task}, written by {config.Library}");
        foreach ((string backbone, string fingerprint) in config.Backbones)
        {
            output.WriteLine($"  {$"{backbone} backbone",-15} {fingerprint}");
        }

        output.WriteLine($"  preprocessing   {PrintableText.Of(string.Join(", ", config.Preprocessing.Select(pair => $"{pair.Key} {pair.Value}")))}");
        foreach ((string key, IReadOnlyList<string> values) in config.Content)
        {
            string rest = values.Count > ListedValues ? $", … and {values.Count - ListedValues:N0} more" : "";
            output.WriteLine($"  {key,-15} {PrintableText.Of(string.Join(", ", values.Take(ListedValues)))}{rest}");
        }

        output.WriteLine($"  precision       {config.ReadRecipe(folder).Precision.ToString().ToLowerInvariant()}");
        Tensors(Path.Combine(folder, "adapter_model.safetensors"), output);
    }

    /// <summary>Asks the tasks in turn whose data set a path is.</summary>
    private static void DataSet(string path, bool skipBad, TextWriter output)
    {
        if (!TryDataSet(path, skipBad, output))
        {
            throw new UserException($"{path} is no data set of a task that is known ({string.Join(", ", TaskRegistry.Tasks.Keys)}): there are no pictures and no tables in it.");
        }
    }

    private static bool TryDataSet(string path, bool skipBad, TextWriter output)
    {
        foreach (TaskRegistration task in TaskRegistry.Tasks.Values)
        {
            if (task.Describe?.Invoke(path, skipBad) is { } lines)
            {
                foreach (string line in lines)
                {
                    output.WriteLine(line);
                }

                return true;
            }
        }

        return false;
    }
}
