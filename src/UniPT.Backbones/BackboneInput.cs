using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>
/// What a backbone is given: tensors by name, each with one row for every example. The names below are those that the backbones here
/// read; a model of one's own may take others, such as <c>decoder_tokens</c>.
/// </summary>
public sealed class BackboneInput
{
    /// <summary>Pictures <c>[B, 3, H, W]</c>.</summary>
    public const string PixelsPart = "pixels";

    /// <summary>Which pixels count where pictures of different sizes were padded to one, <c>[B, H, W]</c>.</summary>
    public const string PixelsMaskPart = "pixels_mask";

    /// <summary>Token ids <c>[B, N]</c>, 64-bit integers.</summary>
    public const string TokensPart = "tokens";

    /// <summary>Features of a picture's regions <c>[B, R, D]</c>.</summary>
    public const string RegionsPart = "regions";

    /// <summary>Signals <c>[B, N, C]</c>: N steps in time, such as the frames of a spectrogram.</summary>
    public const string SignalPart = "signal";

    /// <summary>Which tokens, or steps of a signal, count.</summary>
    public const string MaskPart = "mask";

    /// <summary>Which of two joined texts each token belongs to.</summary>
    public const string SegmentsPart = "segments";

    private readonly OrderedDictionary<string, Tensor> _parts = new(StringComparer.Ordinal);

    /// <summary>Of one tensor: token ids where it holds integers, pixels otherwise.</summary>
    /// <param name="values">Pixels <c>[B, 3, H, W]</c>, or token ids <c>[B, N]</c>.</param>
    /// <param name="lengths">Valid tokens of each text, which stand first; 0 for an empty one; null where everything is valid.</param>
    /// <param name="segments">As <see cref="Segments"/>.</param>
    public BackboneInput(Tensor values, IReadOnlyList<int>? lengths = null, Tensor? segments = null)
        : this(Parts(Main(values), lengths is null ? null : TokenMask.From(lengths, values.size(1), values.device), segments))
    {
    }

    /// <summary>Of parts by their names.</summary>
    /// <param name="parts">
    /// The first that is neither mask nor segments is <see cref="Values"/>. Masks, as <c>mask</c> or <c>decoder_mask</c>, may have any type and become float32.
    /// </param>
    /// <exception cref="UserException">There is no part, or a name is given twice.</exception>
    public BackboneInput(params (string Name, Tensor Tensor)[] parts)
    {
        foreach ((string name, Tensor tensor) in parts)
        {
            bool isMask = name == MaskPart || name.EndsWith($"_{MaskPart}", StringComparison.Ordinal);
            Tensor part = isMask && tensor.dtype != ScalarType.Float32 ? tensor.to(ScalarType.Float32) : tensor;
            if (!_parts.TryAdd(name, part))
            {
                throw new UserException($"An input has the part {name} twice; each name may be given once.");
            }
        }

        Values = parts.FirstOrDefault(part => part.Name is not (MaskPart or SegmentsPart)).Tensor
            ?? throw new UserException("An input needs a part that the backbone reads, such as pixels or tokens; it has none.");
    }

    /// <summary>All parts, in the order in which they were given.</summary>
    public IReadOnlyDictionary<string, Tensor> All => _parts;

    /// <summary>The part that tells how many examples there are: pixels, tokens, or the first that a model of one's own takes.</summary>
    public Tensor Values { get; }

    /// <summary>Number of examples.</summary>
    public long Rows => Values.size(0);

    /// <summary>Pictures <c>[B, 3, H, W]</c>.</summary>
    /// <exception cref="UserException">There are none.</exception>
    public Tensor Pixels => this[PixelsPart];

    /// <summary>Token ids <c>[B, N]</c>.</summary>
    /// <exception cref="UserException">There are none.</exception>
    public Tensor Tokens => this[TokensPart];

    /// <summary>1 for tokens that count, 0 for padding and holes, <c>[B, N]</c> float32; null where all count.</summary>
    public Tensor? Mask => Find(MaskPart);

    /// <summary>0 or 1 for every token, by the text that it belongs to, <c>[B, N]</c> of 64-bit integers; null where there is one text.</summary>
    public Tensor? Segments => Find(SegmentsPart);

    /// <summary>A part by its name.</summary>
    /// <exception cref="UserException">There is none of that name.</exception>
    public Tensor this[string name] => Find(name)
        ?? throw new UserException($"The input has no {name}; it has {string.Join(", ", _parts.Keys)}.");

    /// <summary>Pictures <c>[B, 3, H, W]</c>.</summary>
    public static BackboneInput Pictures(Tensor pixels) => new((PixelsPart, pixels));

    /// <summary>Signals.</summary>
    /// <param name="signal">As <see cref="SignalPart"/>.</param>
    /// <param name="mask">As <see cref="Mask"/>, of any type.</param>
    public static BackboneInput Signals(Tensor signal, Tensor? mask = null) => new(Parts((SignalPart, signal), mask, null));

    /// <summary>Texts of token ids.</summary>
    /// <param name="tokens">As <see cref="Tokens"/>.</param>
    /// <param name="mask">As <see cref="Mask"/>, of any type.</param>
    /// <param name="segments">As <see cref="Segments"/>.</param>
    public static BackboneInput Texts(Tensor tokens, Tensor? mask = null, Tensor? segments = null) => new(Parts((TokensPart, tokens), mask, segments));

    /// <summary>Texts of different lengths, padded behind to the longest.</summary>
    /// <param name="texts">The token ids of each text.</param>
    /// <param name="device">Where the tensors are put; null for the CPU.</param>
    /// <param name="segments">The segment of each of these tokens; null where there is one text in each row.</param>
    /// <exception cref="UserException">A text has other than one segment for each token.</exception>
    public static BackboneInput Texts(IReadOnlyList<int[]> texts, Device? device = null, IReadOnlyList<int[]>? segments = null)
    {
        int[] lengths = [.. texts.Select(text => text.Length)];
        if (segments is not null && !segments.Select(row => row.Length).SequenceEqual(lengths))
        {
            throw new UserException("Texts need one segment for every token id; there are more or fewer.");
        }

        int width = Math.Max(1, lengths.Max());
        using DisposeScope scope = torch.NewDisposeScope();
        return new BackboneInput(Parts(
            (TokensPart, scope.MoveToOuter(Padded(texts, width).to(device ?? CPU))),
            scope.MoveToOuter(TokenMask.From(lengths, width, device)),
            segments is null ? null : scope.MoveToOuter(Padded(segments, width).to(device ?? CPU))));
    }

    /// <summary>A part by its name, or null where there is none.</summary>
    public Tensor? Find(string name) => _parts.GetValueOrDefault(name);

    /// <summary>The same parts, each made into another tensor.</summary>
    public BackboneInput Map(Func<Tensor, Tensor> change) => new([.. _parts.Select(part => (part.Key, change(part.Value)))]);

    private static (string, Tensor) Main(Tensor values) => (values.is_floating_point() ? PixelsPart : TokensPart, values);

    private static (string, Tensor)[] Parts((string, Tensor) main, Tensor? mask, Tensor? segments) =>
    [
        main,
        .. mask is null ? Array.Empty<(string, Tensor)>() : [(MaskPart, mask)],
        .. segments is null ? Array.Empty<(string, Tensor)>() : [(SegmentsPart, segments)],
    ];

    private static Tensor Padded(IReadOnlyList<int[]> rows, int width)
    {
        var padded = new long[rows.Count * width];
        for (int row = 0; row < rows.Count; row++)
        {
            for (int n = 0; n < rows[row].Length; n++)
            {
                padded[(row * width) + n] = rows[row][n];
            }
        }

        return TensorData.From(padded, rows.Count, width);
    }
}
