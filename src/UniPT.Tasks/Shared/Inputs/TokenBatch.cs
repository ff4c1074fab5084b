using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tasks.Shared.Inputs;

/// <summary>Turns token ids of texts into a padded batch.</summary>
public static class TokenBatch
{
    /// <summary>Ids <c>[B, N]</c>, padded with 0 to the longest text, and the lengths.</summary>
    public static BackboneInput Of(IReadOnlyList<int[]> texts, Device? device = null)
    {
        int[] lengths = [.. texts.Select(text => text.Length)];
        int width = Math.Max(1, lengths.Max());
        var ids = new long[texts.Count * width];
        for (int row = 0; row < texts.Count; row++)
        {
            for (int n = 0; n < texts[row].Length; n++)
            {
                ids[(row * width) + n] = texts[row][n];
            }
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor values = scope.MoveToOuter(TensorData.From(ids, texts.Count, width).to(device ?? CPU));
        return new BackboneInput(values, lengths);
    }
}
