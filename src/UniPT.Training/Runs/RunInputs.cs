using UniPT.Backbones;
using UniPT.Backbones.Tokenizers;
using UniPT.Training.Recipes;

namespace UniPT.Training.Runs;

/// <summary>What a run reads, told by its content: files may move, and another file may come to the same place.</summary>
/// <param name="Data">Fingerprint of the data set.</param>
/// <param name="ImageWeights">That of the image backbone's weights; null where an earlier version did not note it.</param>
/// <param name="TextWeights">That of the text backbone's.</param>
/// <param name="Vocabulary">That of the vocabulary.</param>
public sealed record RunInputs(string Data, string? ImageWeights = null, string? TextWeights = null, string? Vocabulary = null)
{
    /// <summary>What a recipe names.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">Fingerprint of its data set.</param>
    /// <exception cref="UserException">A file is missing or broken.</exception>
    internal static RunInputs Of(Recipe recipe, string data) => new(
        data,
        BackboneFingerprint.Of(recipe.Image.WeightsFile),
        BackboneFingerprint.Of(recipe.Text.WeightsFile),
        OfVocabulary(recipe.Text.VocabularyPlace));

    /// <summary>Each input with the option that names it.</summary>
    internal IEnumerable<(string Key, string What, string? Fingerprint)> Named =>
    [
        ("data.path", "data", Data),
        ("image.weights", "image weights", ImageWeights),
        ("text.weights", "text weights", TextWeights),
        ("text.vocabulary", "vocabulary", Vocabulary),
    ];

    /// <summary>Of a file, or of a folder's files that may be a vocabulary; others lie beside it that no run reads.</summary>
    private static string OfVocabulary(string place) => Directory.Exists(place)
        ? string.Join('-', Tokenizer.VocabularyFiles.Select(name => Path.Combine(place, name)).Where(File.Exists).Select(FileHash.Sha256))
        : FileHash.Sha256(place);
}
