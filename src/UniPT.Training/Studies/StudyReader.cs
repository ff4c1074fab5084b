using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Studies;

/// <summary>Reads a study's file.</summary>
internal static class StudyReader
{
    private const int LongestText = 1 << 20;

    /// <summary>See <see cref="Study.Load(string)"/>.</summary>
    internal static Study Read(string file)
    {
        OptionMapping root = YamlReader.ReadRecipe(TextFile.Read(file, "a study", LongestText), file);
        string[] unknown = [.. root.Entries.Keys.Except(["recipe", "variants"])];
        if (unknown.Length > 0)
        {
            throw new UserException($"{root.Entries[unknown[0]].Origin}: {unknown[0]} is not a part of a study, which has: recipe, variants.");
        }

        if (root.Entries.GetValueOrDefault("recipe") is not OptionScalar { IsNull: false } recipe)
        {
            throw new UserException($"{file}: recipe is missing; expected the path of the recipe that the variants start from.");
        }

        if (root.Entries.GetValueOrDefault("variants") is not OptionMapping { Entries.Count: > 1 } variants)
        {
            throw new UserException($"{file}: variants are missing; expected at least 2, each a name with its list of key=value.");
        }

        return new Study(
            Path.GetFileNameWithoutExtension(file),
            Path.GetFullPath(recipe.Text, Path.GetDirectoryName(Path.GetFullPath(file))!),
            [.. variants.Entries.Select(variant => new StudyVariant(variant.Key, Overrides(variant.Key, variant.Value)))]);
    }

    private static string[] Overrides(string variant, OptionNode node) =>
        node is OptionSequence list && list.Items.All(item => item is OptionScalar { IsNull: false })
            ? [.. list.Items.Cast<OptionScalar>().Select(item => item.Text)]
            : throw new UserException($"{node.Origin}: the variant {variant} is {node.Shown}; expected a list of key=value in brackets.");
}
