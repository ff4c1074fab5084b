using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Scalar = YamlDotNet.Core.Events.Scalar;

namespace UniPT.Training.Recipes.Binding;

/// <summary>
/// Reads one YAML document into option nodes. The text is not trusted: it is read event by event, so that depth is
/// bounded before anything recurses, and anchors, aliases and tags, which can make a small file huge or name types,
/// are refused.
/// </summary>
internal sealed class YamlReader
{
    private const int DeepestLevel = 16;
    private const int LongestName = 100;
    private readonly Parser _parser;
    private readonly Func<long, string> _origin;
    private readonly string? _folder;

    private YamlReader(string text, Func<long, string> origin, string? folder) =>
        (_parser, _origin, _folder) = (new Parser(new StringReader(text)), origin, folder);

    /// <summary>The sections of a recipe's text.</summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="source">The file's name in messages.</param>
    /// <param name="folder">The folder of the file, to which its paths belong.</param>
    /// <exception cref="UserException">The text is not YAML, uses what is refused, or holds no sections.</exception>
    internal static OptionMapping ReadRecipe(string text, string source, string? folder = null)
    {
        OptionNode root = Read(text, line => $"{source}:{line}", folder);
        string found = root is OptionScalar { IsNull: true } ? "nothing" : root.Shown;
        return root as OptionMapping
            ?? throw new UserException($"{source} holds {found}; expected a recipe's sections.");
    }

    /// <summary>The document's root; an empty document is null's scalar.</summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="origin">Turns a line number, counted from 1, into what messages start with.</param>
    /// <param name="folder">The folder to which paths in it belong.</param>
    /// <exception cref="UserException">The text is not YAML, or uses what is refused.</exception>
    internal static OptionNode Read(string text, Func<long, string> origin, string? folder = null)
    {
        var reader = new YamlReader(text, origin, folder);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException error)
        {
            string reason = error.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new UserException($"{origin(error.End.Line)}: this is not valid YAML: {reason}.", error);
        }
        catch (InvalidOperationException error)
        {
            // YamlDotNet's scanner throws it of some texts that are broken.
            throw new UserException($"{origin(reader._parser.Current?.End.Line ?? 1)}: this is not valid YAML.", error);
        }
    }

    private OptionNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return new OptionScalar(_origin(1), "", Quoted: false);
        }

        _parser.Consume<DocumentStart>();
        OptionNode root = ReadNode(_origin(1), level: 0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out DocumentStart? second)
            ? throw new UserException($"{_origin(second.Start.Line)}: a second document starts here; expected one.")
            : root;
    }

    private OptionNode ReadNode(string origin, int level)
    {
        ParsingEvent start = _parser.Consume<ParsingEvent>();
        if (start is AnchorAlias || start is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
        {
            throw new UserException($"{origin}: anchors (&), aliases (*) and tags (!) are not allowed in a recipe.");
        }

        if (level > DeepestLevel)
        {
            throw new UserException($"{origin}: values are nested more than {DeepestLevel} levels deep.");
        }

        return start switch
        {
            Scalar scalar => new OptionScalar(origin, scalar.Value, scalar.Style is not ScalarStyle.Plain) { Folder = _folder },
            SequenceStart => ReadSequence(origin, level),
            MappingStart => ReadMapping(origin, level),
            _ => throw new UserException($"{origin}: this is not valid YAML: {start} is not expected here."),
        };
    }

    private OptionSequence ReadSequence(string origin, int level)
    {
        List<OptionNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(_origin(_parser.Current!.Start.Line), level + 1));
        }

        return new OptionSequence(origin, items);
    }

    private OptionMapping ReadMapping(string origin, int level)
    {
        var mapping = new OptionMapping(origin);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            // A section counts as given where its name stands, not where its first option does.
            string place = _origin(_parser.Current!.Start.Line);
            if (ReadNode(place, level + 1) is not OptionScalar key)
            {
                throw new UserException($"{place}: a list or section stands where the name of an option was expected.");
            }

            if (key.Text.Length > LongestName || key.Text.Any(char.IsControl))
            {
                throw new UserException($"{place}: {key.Shown} is not the name of an option.");
            }

            if (!mapping.Entries.TryAdd(key.Text, ReadNode(place, level + 1)))
            {
                throw new UserException($"{place}: {key.Shown} is given a second time; expected it once.");
            }
        }

        return mapping;
    }
}
