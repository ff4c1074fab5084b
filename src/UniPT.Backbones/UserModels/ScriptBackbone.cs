using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using UniPT.Torch;

namespace UniPT.Backbones.UserModels;

/// <summary>
/// A backbone made of a TorchScript file whose <c>forward</c> returns its hidden states, as a tuple or a list of tensors. Such a file is a
/// program: only code that says so opens it, never a recipe or an adapter.
/// </summary>
public sealed class ScriptBackbone : UserModelBackbone
{
    private readonly jit.ScriptModule _script;
    private readonly Func<BackboneInput, object[]> _arguments;

    private ScriptBackbone(string path, jit.ScriptModule script, BackboneInput example, Func<BackboneInput, object[]> arguments)
        : base(Path.GetFileName(path), script, example, new Owned(script), null, input => [.. Run(path, script, arguments(input)).Select((state, i) => ($"state {i}", state))])
    {
        (FilePath, _script, _arguments) = (path, script, arguments);
        Fingerprint = FileHash.Sha256(path);
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>SHA-256 of the file: the program counts as much as its weights.</summary>
    public override string Fingerprint { get; }

    /// <summary>Opens a file whose <c>forward</c> takes one tensor.</summary>
    /// <param name="path">What <c>torch.jit.save</c> wrote.</param>
    /// <param name="example">An input, batch first, from which layouts and widths are learned.</param>
    /// <param name="allowPrograms">That the file may run as a program with all that this process may do; false refuses it.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <exception cref="UserException">Programs are not allowed, the file is no TorchScript, or its forward throws or gives something else.</exception>
    public static ScriptBackbone Open(string path, Tensor example, bool allowPrograms = false, Device? device = null) =>
        Open(path, new BackboneInput(example), input => [input.Values], allowPrograms, device);

    /// <summary>Opens a file whose <c>forward</c> takes other arguments.</summary>
    /// <param name="path">What <c>torch.jit.save</c> wrote.</param>
    /// <param name="example">An input; its rows are those of <see cref="BackboneInput.Values"/>.</param>
    /// <param name="arguments">The arguments that an input makes: tensors, numbers or Booleans.</param>
    /// <param name="allowPrograms">As for a file of one tensor.</param>
    /// <param name="device">As for a file of one tensor.</param>
    /// <exception cref="UserException">As for a file of one tensor.</exception>
    public static ScriptBackbone Open(
        string path, BackboneInput example, Func<BackboneInput, object[]> arguments, bool allowPrograms = false, Device? device = null)
    {
        if (!allowPrograms)
        {
            throw new UserException($"{path} was not opened: a TorchScript file is a program that may do whatever this process may; say allowPrograms: true if you trust where it comes from.");
        }

        RequireProgram(path);
        TorchLibrary.EnsureLoaded();
        jit.ScriptModule script;
        try
        {
            script = jit.load(path, device ?? CPU);
        }
        catch (Exception error) when (error is ExternalException or InvalidOperationException)
        {
            throw Failure($"{path} cannot be loaded as TorchScript", error);
        }

        script.eval();
        return new ScriptBackbone(path, script, example, arguments);
    }

    /// <inheritdoc/>
    private protected override IReadOnlyList<Tensor> Read(BackboneInput input) => Run(FilePath, _script, _arguments(input));

    private static IReadOnlyList<Tensor> Run(string path, jit.ScriptModule script, object[] arguments)
    {
        object? output;
        try
        {
            output = script.forward(arguments);
        }
        catch (Exception error) when (error is NotImplementedException or ArgumentOutOfRangeException)
        {
            // TorchSharp throws the one or the other, depending on where the thing stands.
            throw new UserException(
                $"The forward of {path} gives something that TorchSharp cannot read, such as a dictionary; it must give a tuple or a list of tensors.", error);
        }
        catch (ExternalException error)
        {
            throw Failure($"The forward of {path} failed", error);
        }

        object?[] items = output switch
        {
            Tensor tensor => [tensor],
            Tensor[] tensors => tensors,
            object?[] list => list,
            ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => tuple[i])],
            _ => [output],
        };
        return Array.FindIndex(items, item => item is not Tensor) is >= 0 and var other
            ? throw new UserException($"The forward of {path} gives {items[other]?.GetType().Name ?? "None"} as item {other}; it must give a tuple or a list of tensors.")
            : [.. items.Cast<Tensor>()];
    }

    /// <summary>Refuses what libtorch would have to tell apart by its own messages.</summary>
    private static void RequireProgram(string path)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            string[] parts = [.. archive.Entries.Select(entry => entry.FullName)];
            if (!parts.Any(part => part.Contains("/code/", StringComparison.Ordinal)) || !parts.Any(part => part.EndsWith("/constants.pkl", StringComparison.Ordinal)))
            {
                throw new UserException($"{path} is not a TorchScript file: it has no code in it; torch.jit.save writes one, torch.save writes tensors alone.");
            }
        }
        catch (InvalidDataException error)
        {
            throw new UserException($"{path} is not a TorchScript file, or not a whole one: it is no zip archive that can be read to its end.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserException($"Cannot read {path}: {error.Message}", error);
        }
    }

    private static UserException Failure(string what, Exception error)
    {
        if (TorchErrors.Translate(error) is UserException memory)
        {
            return memory;
        }

        // Of TorchScript's traceback the last line is the reason.
        string[] lines = TorchErrors.Sentence(error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new UserException($"{what}: {(lines.Length > 0 ? lines[^1].TrimEnd('.') : "no reason given")}.", error);
    }

    /// <summary>Frees a script with its tensors, which TorchSharp leaves to finalizers.</summary>
    private sealed class Owned(jit.ScriptModule script) : IDisposable
    {
        public void Dispose()
        {
            foreach (Tensor tensor in script.parameters().Concat(script.buffers()).ToArray())
            {
                tensor.Dispose();
            }

            script.Dispose();
        }
    }
}
