using UniPT.Torch;

namespace UniPT.Tasks.Grounding.Heads;

/// <summary>The heads that a checkpoint of MDETR has beside the backbone, under the names of <see cref="GroundingHeads"/>.</summary>
internal static class PretrainedHeads
{
    /// <summary>Starts heads from those of a file.</summary>
    /// <param name="store">Has the new ones.</param>
    /// <param name="place">What their names begin with there.</param>
    /// <param name="file">The backbone's file; null where it came from none.</param>
    /// <param name="required">Whether there must be some; false takes none, null those that there are.</param>
    /// <returns>Whether they were taken.</returns>
    /// <exception cref="UserException">There are none, some are missing, or they have other shapes.</exception>
    internal static bool Start(WeightStore store, string place, string? file, bool? required)
    {
        if (file is null || required == false)
        {
            return false;
        }

        Dictionary<string, Tensor> own = store.Parameters
            .Where(pair => pair.Key.StartsWith(place, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[place.Length..], pair => (Tensor)pair.Value, StringComparer.Ordinal);
        using DisposeScope scope = torch.NewDisposeScope();
        using TensorFile stored = TensorFile.Open(file);
        string[] there = [.. own.Keys.Where(stored.Entries.ContainsKey)];
        if (there.Length == 0 && required is null)
        {
            return false;
        }

        StateCheck.CopyInto(own, there.ToDictionary(name => name, stored.Read), $"What {file} has of heads (task.pretrained_heads)");
        return true;
    }
}
