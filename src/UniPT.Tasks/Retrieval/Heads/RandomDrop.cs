using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>Leaves tokens out at random while training; what stays moves to the front (VSE∞'s size augmentation).</summary>
public static class RandomDrop
{
    /// <summary>Keeps a token where its number exceeds the rate; where none would stay, numbers are drawn again.</summary>
    /// <param name="tokens"><c>[B, N, D]</c>.</param>
    /// <param name="lengths">Valid tokens of each row, at least 1; null where all are.</param>
    /// <param name="rate">Share to leave out, in [0, 1).</param>
    /// <param name="draw">The next number, uniform in [0, 1): one for each valid token, row by row.</param>
    /// <returns>Tokens <c>[B, N, D]</c> with zeros behind the kept ones, and how many were kept.</returns>
    public static (Tensor Tokens, IReadOnlyList<int> Lengths) Forward(
        Tensor tokens, IReadOnlyList<int>? lengths, double rate, Func<double> draw) => Forward(tokens, lengths, rate, _ => draw);

    /// <summary>The same with numbers of its own for every row.</summary>
    internal static (Tensor Tokens, IReadOnlyList<int> Lengths) Forward(
        Tensor tokens, IReadOnlyList<int>? lengths, double rate, Func<int, Func<double>> draws)
    {
        (int batch, int count) = ((int)tokens.size(0), (int)tokens.size(1));
        var kept = new int[batch];
        var source = new long[batch * count];
        for (int row = 0; row < batch; row++)
        {
            int[] stay = Keep(lengths?[row] ?? count, rate, draws(row));
            kept[row] = stay.Length;

            // Behind the kept ones stands the row after the last, which is zero.
            Array.Fill(source, (long)batch * count, row * count, count);
            for (int i = 0; i < stay.Length; i++)
            {
                source[(row * count) + i] = (row * count) + stay[i];
            }
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor rows = nn.functional.pad(tokens.flatten(0, 1), [0, 0, 0, 1]);
        Tensor chosen = rows.index_select(0, TensorData.From(source, source.Length).to(tokens.device));
        return (scope.MoveToOuter(chosen.view(tokens.shape)), kept);
    }

    private static int[] Keep(int count, double rate, Func<double> draw)
    {
        int[] stay;
        do
        {
            stay = [.. Enumerable.Range(0, count).Where(_ => draw() > rate)];
        }
        while (stay.Length == 0);
        return stay;
    }
}
