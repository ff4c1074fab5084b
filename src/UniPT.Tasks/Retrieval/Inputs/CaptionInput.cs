using UniPT.Backbones;

namespace UniPT.Tasks.Retrieval.Inputs;

/// <summary>Turns token ids of captions into a padded batch.</summary>
public static class CaptionInput
{
    /// <inheritdoc cref="BackboneInput.Texts(IReadOnlyList{int[]}, Device?, IReadOnlyList{int[]}?)"/>
    public static BackboneInput Batch(IReadOnlyList<int[]> captions, Device? device = null) => BackboneInput.Texts(captions, device);
}
