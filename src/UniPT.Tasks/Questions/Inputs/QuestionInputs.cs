using UniPT.Backbones;
using UniPT.Tasks.Questions.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Torch;

namespace UniPT.Tasks.Questions.Inputs;

/// <summary>Makes the backbone's inputs of questions and pictures; pictures are read and decoded on several threads.</summary>
internal sealed class QuestionInputs(QuestionDataOptions options, TextTokenizer tokenizer, Device device)
{
    private const float White = 255;

    /// <summary>Draws pictures.</summary>
    internal PictureCanvas Canvas { get; } = new(options.ImageSize, options.LongSide);

    /// <summary>Decoded pictures of one shape as bytes <c>[B, 3, H, W]</c>; each is read once, however many questions are about it. Nobody frees them but who asked.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="questions">Of pictures of one shape.</param>
    /// <param name="threads">How many at a time.</param>
    internal Tensor Pictures(QuestionSet set, IReadOnlyList<Question> questions, int threads)
    {
        using DisposeScope scope = torch.NewDisposeScope();

        // Other threads, which are not in the caller's inference mode, write into it.
        using IDisposable plain = torch.inference_mode(false);
        int[] pictures = [.. questions.Select(question => question.Picture).Distinct()];
        Tensor drawn = TorchErrors.Explain(() => Canvas.Empty(pictures.Length, set.Pictures.IsTall(pictures[0])));
        Threads.For(pictures.Length, threads, i =>
        {
            using Tensor canvas = drawn.select(0, i);
            TorchErrors.Explain(() => Canvas.Draw(set.Pictures.Read(pictures[i]), set.Pictures.NameOf(pictures[i]), canvas));
        });
        if (pictures.Length == questions.Count)
        {
            return drawn.DetachFromDisposeScope();
        }

        Tensor rows = TensorData.From([.. questions.Select(question => (long)Array.IndexOf(pictures, question.Picture))], questions.Count);
        return drawn.index_select(0, rows).DetachFromDisposeScope();
    }

    /// <summary>Questions and their pictures as a backbone reads them, in the current scope.</summary>
    /// <param name="bytes">The pictures, <c>[B, 3, H, W]</c>.</param>
    /// <param name="texts">The questions.</param>
    internal BackboneInput Batch(Tensor bytes, IReadOnlyList<string> texts)
    {
        int width = options.QuestionTokens;
        var ids = new long[texts.Count * width];
        var lengths = new int[texts.Count];
        for (int row = 0; row < texts.Count; row++)
        {
            int[] tokens = tokenizer.Encode(texts[row]);
            lengths[row] = tokens.Length;
            for (int i = 0; i < tokens.Length; i++)
            {
                ids[(row * width) + i] = tokens[i];
            }
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor pixels = bytes.to(device).to(ScalarType.Float32).div_(Scalars.Of(White));
        return new BackboneInput(
            (BackboneInput.PixelsPart, scope.MoveToOuter(pixels)),
            (BackboneInput.TokensPart, scope.MoveToOuter(TensorData.From(ids, texts.Count, width).to(device))),
            (BackboneInput.MaskPart, scope.MoveToOuter(TokenMask.From(lengths, width, device))));
    }
}
