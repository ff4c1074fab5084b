using System.IO.Hashing;
using System.Text;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>What tells a file's content from others: its length and checksum, the same in a folder and in a zip.</summary>
internal readonly record struct Content(long Size, uint Checksum)
{
    /// <summary>In the place of the content of a picture that is only known by its name.</summary>
    internal static Content Named(string name) => new((long)XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(name)), 0);
}

/// <summary>The contents of a data set's pictures.</summary>
internal static class PictureContents
{
    /// <summary>Reads every picture once, but those of a large data set whose checksums are kept.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="pictures">Their files, none twice.</param>
    /// <param name="keepFrom">From how many pictures on checksums are kept.</param>
    /// <returns>The content of each, and those that cannot be read.</returns>
    internal static (Dictionary<string, Content> Contents, IReadOnlyList<BadPicture> Bad) Read(
        DataSetFiles files, IReadOnlyList<string> pictures, int keepFrom = KeptChecksums.Least)
    {
        var kept = KeptChecksums.Open(files, pictures.Count, keepFrom);
        var contents = new Content?[pictures.Count];
        string?[] problems = [.. pictures.Select(files.FindProblem)];
        Threads.For(pictures.Count, Environment.ProcessorCount, i =>
        {
            try
            {
                contents[i] = problems[i] is null
                    ? new Content(files.Sizes[pictures[i]], kept?.Find(pictures[i]) ?? Crc32.HashToUInt32(files.Read(pictures[i])))
                    : null;
            }
            catch (UserException error)
            {
                problems[i] = $"cannot be read: {error.InnerException?.Message ?? error.Message}";
            }
        });
        var read = pictures.Zip(contents).Where(pair => pair.Second is not null).ToDictionary(pair => pair.First, pair => pair.Second!.Value);
        kept?.Save(read);
        return (
            read,
            [.. pictures.Zip(problems).Where(pair => pair.Second is not null).Select(pair => new BadPicture(pair.First, pair.Second!))]);
    }

    /// <summary>Adds a content to a fingerprint.</summary>
    internal static void Write(this BinaryWriter fingerprint, Content content)
    {
        fingerprint.Write(content.Size);
        fingerprint.Write(content.Checksum);
    }
}
