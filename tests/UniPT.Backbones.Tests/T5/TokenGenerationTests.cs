using UniPT.Backbones.T5;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.T5;

public sealed class TokenGenerationTests
{
    private const int Vocabulary = 4;
    private static readonly GenerationOptions Short = new() { MaxLength = 5 };

    /// <summary>With as many beams as there are beginnings nothing is lost, so that the best of all outputs is found.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(-1)]
    public void ManyBeamsFindTheBestOfAllOutputs(double penalty)
    {
        GenerationOptions options = Short with { Beams = 300, LengthPenalty = penalty };
        IReadOnlyList<int[]> found = TokenGeneration.Run(3, tokens => Scores(tokens, 300), options);
        for (int text = 0; text < 3; text++)
        {
            int[] best = Outputs([0], options.MaxLength).MaxBy(output => Score(text, output, options))!;
            Assert.Equal(best[1..].TakeWhile(token => token != options.End), found[text]);
        }

        // Where longer ones are punished all are short.
        Assert.True(penalty < 0 || found.Select(output => string.Join(' ', output)).Distinct().Count() > 1);
    }

    /// <summary>A beam of two by hand: the likelier first token leads to less likely outputs.</summary>
    [Fact]
    public void BeamsFindWhatGreedyMisses()
    {
        // From the start 2 is likelier than 3, but all that follows 3 is sure.
        float[][] after = [[0, 0, 0.6f, 0.4f], [], [0, 0.3f, 0.35f, 0.35f], [0, 1, 0, 0]];
        Tensor Next(Tensor tokens) => Rows(tokens, 1, row => [.. after[row.Tokens[^1]].Select(share => MathF.Log(share + 1e-6f))]);
        Assert.Equal([2, 2, 2, 2], TokenGeneration.Run(1, Next, Short)[0]);
        GenerationOptions two = Short with { Beams = 2, LengthPenalty = 0 };
        Assert.Equal([3], TokenGeneration.Run(1, Next, two)[0]);
        Assert.Equal([3], TokenGeneration.Run(1, Next, two with { EarlyStopping = true })[0]);
    }

    [Fact]
    public void GreedyTakesTheLikeliestTokenUntilTheEnd()
    {
        int calls = 0;
        IReadOnlyList<int[]> found = TokenGeneration.Run(2, tokens =>
        {
            Assert.Equal([2, ++calls], tokens.shape);
            Assert.False(torch.is_grad_enabled());
            return Rows(tokens, 1, row => row.Text == 0 && row.Tokens.Length == 2 ? [0, 9, 0, 0] : [0, 0, 1, 2]);
        }, Short);
        Assert.Equal([3], found[0]);
        Assert.Equal([3, 3, 3, 3], found[1]);
        Assert.Equal(4, calls);
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Leaks.None(() => TokenGeneration.Run(2, tokens => Scores(tokens, 3), Short with { Beams = 3 }));
    }

    /// <summary>All outputs: those that end, and those that are as long as may be.</summary>
    private static IEnumerable<int[]> Outputs(int[] begun, int most) => begun.Length == most || begun[^1] == 1
        ? [begun]
        : Enumerable.Range(0, Vocabulary).SelectMany(token => Outputs([.. begun, token], most));

    private static double Score(int text, int[] output, GenerationOptions options)
    {
        double sum = Enumerable.Range(1, output.Length - 1).Sum(n => Logarithm(Logits(text, output[..n]), output[n]));
        return sum / Math.Pow(output.Length - (output[^1] == options.End ? 1 : 0), options.LengthPenalty);
    }

    private static double Logarithm(float[] logits, int token) => logits[token] - Math.Log(logits.Sum(value => Math.Exp(value)));

    private static Tensor Scores(Tensor tokens, int beams) => Rows(tokens, beams, row => Logits(row.Text, row.Tokens));

    private static float[] Logits(int text, int[] tokens)
    {
        var random = new Random(tokens.Aggregate(17 + text, (hash, token) => (hash * 31) + token));
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)(4 * random.NextDouble()))];
    }

    private static Tensor Rows(Tensor tokens, int beams, Func<(int Text, int[] Tokens), float[]> logits)
    {
        (long[] all, int length) = (tokens.ToArray<long>(), (int)tokens.size(1));
        float[] scores = [.. Enumerable.Range(0, (int)tokens.size(0)).SelectMany(row => logits((row / beams, [.. all.AsSpan(row * length, length).ToArray().Select(token => (int)token)])))];
        return TensorData.From(scores, tokens.size(0), Vocabulary);
    }
}
