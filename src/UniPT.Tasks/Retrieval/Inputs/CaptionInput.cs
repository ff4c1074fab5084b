using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Inputs;

/// <summary>Turns token ids of captions into a padded batch.</summary>
public static class CaptionInput
{
    /// <summary>Ids <c>[B, N]</c>, padded with 0 to the longest caption, and the lengths.</summary>
    public static BackboneInput Batch(IReadOnlyList<int[]> captions, Device? device = null)
    {
        int[] lengths = [.. captions.Select(caption => caption.Length)];
        int width = Math.Max(1, lengths.Max());
        var ids = new long[captions.Count * width];
        for (int row = 0; row < captions.Count; row++)
        {
            for (int n = 0; n < captions[row].Length; n++)
            {
                ids[(row * width) + n] = captions[row][n];
            }
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor values = scope.MoveToOuter(TensorData.From(ids, captions.Count, width).to(device ?? CPU));
        return new BackboneInput(values, lengths);
    }
}
