using UniPT.Backbones;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Torch;

namespace UniPT.Tasks.VideoRetrieval.Inputs;

/// <summary>Texts as the text backbone takes them.</summary>
/// <param name="tokenizer">Fitted to the backbone.</param>
/// <param name="maskIdZero">Whether tokens of the id 0 do not count wherever they stand.</param>
/// <param name="device">Where tensors are put.</param>
internal sealed class TextInputs(TextTokenizer tokenizer, bool maskIdZero, Device device)
{
    /// <summary>The token ids of texts, on some threads at once.</summary>
    internal int[][] Encode(IReadOnlyList<string> texts, int threads)
    {
        var ids = new int[texts.Count][];
        Threads.For(texts.Count, threads, i => ids[i] = tokenizer.Encode(texts[i]));
        return ids;
    }

    /// <summary>Token ids, padded to the longest text, in the current scope.</summary>
    internal BackboneInput Batch(IReadOnlyList<int[]> ids)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var input = BackboneInput.Texts(ids, device);
        Tensor mask = maskIdZero ? input.Tokens.ne(Scalars.Of(0)).to(ScalarType.Float32) : input.Mask!;
        return BackboneInput.Texts(scope.MoveToOuter(input.Tokens), scope.MoveToOuter(mask));
    }
}
