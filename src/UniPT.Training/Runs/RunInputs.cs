using UniPT.Backbones;
using UniPT.Backbones.Tokenizers;
using UniPT.Training.Recipes;

namespace UniPT.Training.Runs;

/// <summary>What a run reads, told by its content: files may move, and another file may come to the same place.</summary>
/// <param name="Data">Fingerprint of the data set.</param>
/// <param name="Files">
/// Fingerprints of the backbones' files by the options that name them, such as <c>backbones.text.weights</c>; without those that an
/// earlier version did not note.
/// </param>
public sealed record RunInputs(string Data, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>What a recipe names.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">Fingerprint of its data set.</param>
    /// <exception cref="UserException">A file is missing or broken.</exception>
    internal static RunInputs Of(Recipe recipe, string data)
    {
        var files = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, BackboneOptions options) in recipe.Backbones)
        {
            files[$"backbones.{name}.weights"] = BackboneFingerprint.Of(options.WeightsFile);
            if (BackboneRegistry.HasTokenizer(options.Architecture))
            {
                files[$"backbones.{name}.vocabulary"] = OfVocabulary(options.VocabularyPlace);
            }
        }

        return new RunInputs(data, files);
    }

    /// <summary>The options that name what was read.</summary>
    internal IEnumerable<string> Keys => [.. Files.Keys, "data.path"];

    /// <summary>What is not what it was, by its name in a sentence; null if all is.</summary>
    /// <param name="now">What is read now.</param>
    internal string? ChangedIn(RunInputs now) => Data != now.Data
        ? "data"
        : Files.Where(file => now.Files.GetValueOrDefault(file.Key) != file.Value)
            .Select(file => file.Key.Split('.') is [_, var backbone, var what] ? what == "vocabulary" ? what : $"{backbone} {what}" : file.Key).FirstOrDefault();

    /// <summary>Of a file, or of a folder's files that may be a vocabulary; others lie beside it that no run reads.</summary>
    private static string OfVocabulary(string place) => Directory.Exists(place)
        ? string.Join('-', Tokenizer.VocabularyFiles.Select(name => Path.Combine(place, name)).Where(File.Exists).Select(FileHash.Sha256))
        : FileHash.Sha256(place);
}
