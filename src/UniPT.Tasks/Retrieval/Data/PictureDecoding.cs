using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>A picture that cannot be used.</summary>
internal sealed record BadPicture(string Path, string Reason);

/// <summary>Finds pictures that cannot be decoded. What was found is kept in the user's cache by the pictures' contents.</summary>
internal static class PictureDecoding
{
    /// <summary>To be raised when the decoder learns or unlearns something.</summary>
    private const int Version = 1;

    /// <summary>The pictures that cannot be decoded, in the order given.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="pictures">Their files.</param>
    /// <param name="fingerprint">Of all of them.</param>
    /// <param name="threads">How many are decoded at a time.</param>
    internal static IReadOnlyList<BadPicture> FindBad(DataSetFiles files, IReadOnlyList<string> pictures, string fingerprint, int threads)
    {
        return KeptFindings.Of<BadPicture>("pictures", fingerprint, Version, kept => kept.All(picture => picture is { Path: not null, Reason: not null }), () =>
        {
            var reasons = new string?[pictures.Count];
            Threads.For(pictures.Count, threads, i => reasons[i] = WhyBad(files.Read(pictures[i]), pictures[i]));
            return [.. pictures.Zip(reasons).Where(pair => pair.Second is not null).Select(pair => new BadPicture(pair.First, pair.Second!))];
        });
    }

    private static string? WhyBad(byte[] bytes, string picture)
    {
        try
        {
            // As small as the format can: enough to see every byte of it.
            ImageDecoder.Decode(bytes, picture, _ => true, leastSide: 1);
            return null;
        }
        catch (UserException error)
        {
            return DataSetProblems.Reason(error.Message, picture);
        }
    }
}
