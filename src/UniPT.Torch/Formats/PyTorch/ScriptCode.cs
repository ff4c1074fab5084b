using System.Text;
using System.Text.RegularExpressions;

namespace UniPT.Torch;

/// <summary>
/// The code in a TorchScript archive, of which only the lines are read that say which of a module's attributes are parameters and buffers: an attribute
/// that is a tensor and neither is not part of the module's state.
/// </summary>
internal sealed partial class ScriptCode(ZipDirectory zip, string folder)
{
    private const int MaxCodeBytes = 16 << 20;
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>Whether an attribute is part of the state of modules of a class; null where the code does not say.</summary>
    internal bool? IsState(PickleGlobal kind, string attribute)
    {
        string name = $"{folder}code/{kind.Module.Replace('.', '/')}.py";
        if (!_texts.TryGetValue(name, out string? text))
        {
            _texts[name] = text = zip.Entries.ContainsKey(name) ? Encoding.UTF8.GetString(zip.Bytes(name, MaxCodeBytes)) : "";
        }

        int start = text.IndexOf($"class {kind.Name}(Module):", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        int end = text.IndexOf("\nclass ", start, StringComparison.Ordinal);
        IReadOnlyList<Match> lists = Declared().Matches(text[start..(end < 0 ? text.Length : end)]);
        return lists.Count == 2 ? lists.Any(list => list.Groups[1].Value.Contains($"\"{attribute}\"", StringComparison.Ordinal)) : null;
    }

    [GeneratedRegex(@"^  __(?:parameters|buffers)__ = \[([^\]\n]*)\]", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
