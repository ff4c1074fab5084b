using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

/// <summary>Finds and loads the bridge: <c>UNIPT_BRIDGE</c>, beside the program, or the checkout's native build.</summary>
internal static partial class BridgeLocation
{
    private const string FileName = "libunipt_bridge.so";

    /// <summary>The candidate files in the order in which they are tried.</summary>
    internal static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("UNIPT_BRIDGE") is { Length: > 0 } named)
        {
            yield return named;
            yield break;
        }

        yield return Path.Combine(AppContext.BaseDirectory, FileName);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "native", "build", FileName);
        }
    }

    /// <summary>Loads the bridge and with it libtorch and FFmpeg.</summary>
    /// <exception cref="UserException">The bridge is missing or one of its libraries is.</exception>
    internal static nint Load()
    {
        BlasKernels.Choose();
        string? file = Candidates().FirstOrDefault(File.Exists);
        if (file is null)
        {
            throw new UserException(
                $"The native bridge {FileName} was not found (looked at {string.Join(", ", Candidates().Take(2))} and the parent folders' native/build); start through ./unipt or ./test, which build it.");
        }

        try
        {
            return NativeLibrary.Load(file);
        }
        catch (DllNotFoundException error)
        {
            throw new UserException($"The native bridge {file} cannot be loaded: {error.Message.Split('\n')[0].Trim()}", error);
        }
    }
}
