using System.Text;
using System.Text.RegularExpressions;

namespace UniPT.Torch;

/// <summary>
/// The code in a TorchScript archive, of which only the lines are read that say which of a module's attributes are parameters and buffers: an attribute
/// that is a tensor and neither is not part of the module's state.
/// </summary>
internal sealed partial class ScriptCode(ZipDirectory zip, string folder)
{
    // Of all files together; a network has a few hundred kilobytes.
    private const int MaxCodeBytes = 64 << 20;
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<PickleGlobal, State> _states = [];
    private long _bytes;

    /// <summary>Whether an attribute is part of the state of modules of a class; null where the code does not say.</summary>
    internal bool? IsState(PickleGlobal kind, string attribute)
    {
        if (_files.Add(kind.Module))
        {
            ReadFile(kind.Module);
        }

        return _states.TryGetValue(kind, out State? state) && state.Lists == 2 ? state.Names.Contains(attribute) : null;
    }

    private void ReadFile(string module)
    {
        string name = $"{folder}code/{module.Replace('.', '/')}.py";
        if (!zip.Entries.TryGetValue(name, out ZipEntry entry) || (_bytes += entry.Length) > MaxCodeBytes)
        {
            return;
        }

        State? current = null;
        foreach (Match line in Told().Matches(Encoding.UTF8.GetString(zip.Bytes(name, MaxCodeBytes))))
        {
            if (line.Groups["class"].Success)
            {
                _states[new PickleGlobal(module, line.Groups["class"].Value)] = current = new State();
            }
            else if (current is not null)
            {
                current.Lists++;
                current.Names.UnionWith(Name().Matches(line.Groups["names"].Value).Select(match => match.Groups[1].Value));
            }
        }
    }

    [GeneratedRegex(@"^class (?<class>\w+)\(Module\):|^  __(?:parameters|buffers)__ = \[(?<names>[^\]\n]*)\]", RegexOptions.Multiline)]
    private static partial Regex Told();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Name();

    private sealed class State
    {
        internal int Lists { get; set; }

        internal HashSet<string> Names { get; } = new(StringComparer.Ordinal);
    }
}
