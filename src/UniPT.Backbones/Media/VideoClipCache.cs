using UniPT.Torch;

namespace UniPT.Backbones.Media;

/// <summary>
/// Keeps clips in a folder, so that a film is decoded once, and not more than so many bytes of them: those that were not used for the longest time go first, but none that
/// this process uses. What cannot be written or read is not kept. Safe to use from several threads, and by several processes.
/// </summary>
/// <param name="folder">Where they are; null to keep none.</param>
/// <param name="mostBytes">How much they may take.</param>
public sealed class VideoClipCache(string? folder, long mostBytes)
{
    private const string Name = "frames";
    private const string Extension = ".safetensors";
    private readonly Lock _gate = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private PriorityQueue<(string File, long Bytes), DateTime>? _others;
    private long _bytes;

    /// <summary>The clip of a key, from the folder or else made and kept.</summary>
    /// <param name="key">A file's name: what the clip depends on.</param>
    /// <param name="make">Decodes the film.</param>
    public VideoClip Get(string key, Func<VideoClip> make)
    {
        if (folder is null || mostBytes == 0)
        {
            return make();
        }

        string file = Path.Combine(folder, key + Extension);
        if (TryRead(file) is { } kept)
        {
            return kept;
        }

        VideoClip made = make();
        Keep(file, made);
        return made;
    }

    private VideoClip? TryRead(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using SafetensorsFile opened = SafetensorsFile.Open(file);
            Tensor frames = opened.Read(Name);
            if (frames.dtype != ScalarType.Byte || frames.ndim != 4 || frames.size(1) != 3 || frames.size(2) != frames.size(3))
            {
                return null;
            }

            var clip = new VideoClip((int)frames.size(0), (int)frames.size(2), frames.ToArray<byte>());
            Use(file);
            return clip;
        }
        catch (Exception error) when (error is UserException or IOException or UnauthorizedAccessException)
        {
            // Damaged, or gone meanwhile: it is made anew.
            return null;
        }
    }

    /// <summary>Notes that a file is used, in its time of writing too, which is by when files go.</summary>
    private void Use(string file)
    {
        lock (_gate)
        {
            if (!_used.Add(file))
            {
                return;
            }
        }

        try
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It may belong to another user.
        }
    }

    private void Keep(string file, VideoClip clip)
    {
        try
        {
            if (!MakeRoom(clip.Pixels.Length))
            {
                return;
            }

            using Tensor frames = TensorData.From(clip.Pixels, clip.Frames, 3, clip.Side, clip.Side);
            SafetensorsWriter.Write(file, new Dictionary<string, Tensor> { [Name] = frames });
            Use(file);
        }
        catch (Exception error) when (error is UserException or IOException or UnauthorizedAccessException)
        {
            // The disk is full, or not to be written: films are decoded again the next time.
        }
    }

    /// <summary>Whether so many bytes fit, after others went.</summary>
    private bool MakeRoom(long bytes)
    {
        lock (_gate)
        {
            if (_others is null)
            {
                _others = new();
                Directory.CreateDirectory(folder!);
                foreach (FileInfo other in new DirectoryInfo(folder!).EnumerateFiles($"*{Extension}"))
                {
                    _others.Enqueue((other.FullName, other.Length), other.LastWriteTimeUtc);
                    _bytes += other.Length;
                }
            }

            while (_bytes + bytes > mostBytes && _others.TryDequeue(out (string File, long Bytes) oldest, out _))
            {
                if (!_used.Contains(oldest.File))
                {
                    File.Delete(oldest.File);
                    _bytes -= oldest.Bytes;
                }
            }

            bool fits = _bytes + bytes <= mostBytes;
            _bytes += fits ? bytes : 0;
            return fits;
        }
    }
}
