using System.Globalization;
using System.IO.Enumeration;
using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Questions.Data;

/// <summary>The picture files of a data set, by their names. Reading is safe from several threads.</summary>
internal sealed class QuestionPictures
{
    // A JPEG's size stands behind what says how it is turned, mostly in the first bytes; other formats may say that behind the picture.
    private const int HeaderBytes = 1 << 14;
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp"];
    private readonly List<(string Path, long Bytes)> _files = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _byNumber = [];
    private readonly Shape[] _shapes;

    private QuestionPictures(string folder)
    {
        Folder = folder;
        var files = new FileSystemEnumerable<(string, long)>(
            folder, (ref FileSystemEntry entry) => (entry.ToSpecifiedFullPath(), entry.Length), new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsNamedSo(entry.FileName),
        };
        foreach ((string path, long bytes) in files.OrderBy(file => file.Item1, StringComparer.Ordinal))
        {
            ReadOnlySpan<char> name = Path.GetFileNameWithoutExtension(path.AsSpan());
            _byName.TryAdd(name.ToString(), _files.Count);
            if (long.TryParse(name[(name.LastIndexOf('_') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                _byNumber.TryAdd(number, _files.Count);
            }

            _files.Add((path, bytes));
        }

        _shapes = new Shape[_files.Count];
    }

    private enum Shape : byte
    {
        Unknown,
        Wide,
        Tall,
        Bad,
    }

    /// <summary>Where they are, as messages say it.</summary>
    internal string Folder { get; }

    /// <summary>How many there are.</summary>
    internal int Count => _files.Count;

    /// <summary>The pictures of a folder and the folders in it.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    internal static QuestionPictures Open(string folder)
    {
        try
        {
            return new QuestionPictures(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read the folder of pictures {folder}: {error.Message}", error);
        }
    }

    /// <summary>A picture by its file's name without extension; −1 where there is none.</summary>
    internal int Find(string name) => _byName.GetValueOrDefault(name, -1);

    /// <summary>A picture by the number at the end of its file's name, as MS-COCO counts them over all its parts; −1 where there is none.</summary>
    internal int Find(long number) => _byNumber.GetValueOrDefault(number, -1);

    /// <summary>A picture's path below the folder.</summary>
    internal string NameOf(int picture) => Path.GetRelativePath(Folder, _files[picture].Path).Replace('\\', '/');

    /// <summary>Bytes of its file.</summary>
    internal long SizeOf(int picture) => _files[picture].Bytes;

    /// <summary>Its file.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    internal byte[] Read(int picture) => Guarded(picture, File.ReadAllBytes);

    /// <summary>Whether a picture is at least as high as it is wide; known after <see cref="Measure"/>.</summary>
    internal bool IsTall(int picture) => _shapes[picture] == Shape.Tall;

    /// <summary>Whether it was found to be no picture.</summary>
    internal bool IsBad(int picture) => _shapes[picture] == Shape.Bad;

    /// <summary>Reads the headers of pictures that nobody has measured yet.</summary>
    /// <returns>Those that are none, with what is wrong, in their order.</returns>
    internal IReadOnlyList<(int Picture, string Reason)> Measure(IEnumerable<int> pictures, int threads)
    {
        int[] unknown = [.. pictures.Where(picture => _shapes[picture] == Shape.Unknown).Distinct().Order()];
        var reasons = new string?[unknown.Length];
        Threads.For(unknown.Length, threads, i =>
        {
            try
            {
                (int width, int height) = MeasureOne(unknown[i]);
                _shapes[unknown[i]] = width <= height ? Shape.Tall : Shape.Wide;
            }
            catch (UserException error)
            {
                (reasons[i], _shapes[unknown[i]]) = (error.Message, Shape.Bad);
            }
        });
        return [.. unknown.Zip(reasons).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))];
    }

    private static bool IsNamedSo(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> extension = Path.GetExtension(name);
        foreach (string known in Extensions)
        {
            if (extension.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private (int Width, int Height) MeasureOne(int picture)
    {
        byte[] beginning = Guarded(picture, path =>
        {
            using FileStream file = File.OpenRead(path);
            var bytes = new byte[HeaderBytes];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        });
        string name = NameOf(picture);
        bool isJpeg = beginning is [0xFF, 0xD8, ..];
        return (isJpeg || beginning.Length < HeaderBytes ? ImageDecoder.Measure(beginning, name) : null)
            ?? (SizeOf(picture) > HeaderBytes ? ImageDecoder.Measure(Read(picture), name) : null)
            ?? throw new UserException($"{name} has a header that cannot be read: its data is damaged or cut off.");
    }

    private byte[] Guarded(int picture, Func<string, byte[]> read)
    {
        try
        {
            return read(_files[picture].Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read the picture {_files[picture].Path}: {error.Message}", error);
        }
    }
}
