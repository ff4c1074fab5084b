using System.Text.Json;

namespace UniPT.Tasks.Shared.Tables;

/// <summary>An entry of a large JSON file; what it holds is valid until the next one is read.</summary>
/// <param name="List">The name of the list that it stands in; empty for one that stands in the file itself.</param>
/// <param name="Name">Its name in an object; null in a list.</param>
/// <param name="Value">What it is.</param>
/// <param name="Place">File, line and number, for messages.</param>
internal readonly record struct JsonEntry(string List, string? Name, JsonElement Value, string Place);

/// <summary>
/// The entries of a JSON file of any size, one after the other: elements of a list, members of an object, or the elements of a member of that object that is a list. In memory
/// are one entry and a buffer of its size, a megabyte at least.
/// </summary>
internal sealed class JsonEntries : IDisposable
{
    private const int LeastBuffer = 1 << 20;
    private const int MostBuffer = 1 << 28;
    private readonly Stream _stream;
    private readonly string _name;
    private readonly string[] _lists;
    private byte[] _buffer = new byte[LeastBuffer];
    private int _start;
    private int _end;
    private bool _isAll;
    private long _line = 1;
    private long _count;
    private Where _where;
    private string _list = "";
    private JsonReaderState _state = new();

    private JsonEntries(Stream stream, string name, string[] lists) => (_stream, _name, _lists) = (stream, name, lists);

    private enum Where
    {
        Begin,
        List,
        Object,
        ListInObject,
        End,
    }

    /// <summary>Reads until the end, or until what is no JSON.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="problem">Told where and what is wrong with it.</param>
    /// <param name="lists">Members of the file's object whose elements are entries; other members are entries as a whole.</param>
    internal static IEnumerable<JsonEntry> Read(string path, string name, Action<string, string> problem, params string[] lists)
    {
        using JsonEntries? entries = Open(path, name, problem, lists);
        while (entries?.Next(problem) is var (list, key, document, place))
        {
            using (document)
            {
                yield return new JsonEntry(list, key, document.RootElement, place);
            }
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private static JsonEntries? Open(string path, string name, Action<string, string> problem, string[] lists)
    {
        try
        {
            return new JsonEntries(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan), name, lists);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem(name, $"cannot be read: {error.Message}");
            return null;
        }
    }

    /// <summary>The next entry; null at the end, or where something is wrong.</summary>
    private (string List, string? Name, JsonDocument Document, string Place)? Next(Action<string, string> problem)
    {
        try
        {
            while (_where != Where.End || !_isAll || _start < _end)
            {
                if (Step() is not { } step)
                {
                    Fill();
                }
                else if (step.Document is not null)
                {
                    _count++;
                    return (_list, step.Name, step.Document, $"{_name}:{step.Line} (entry {_count})");
                }
            }
        }
        catch (JsonException error)
        {
            string behind = _count == 0 ? "" : $", behind {_count} entr{(_count == 1 ? "y" : "ies")}";
            problem($"{_name}:{error.LineNumber + 1}", $"is not valid JSON (byte {error.BytePositionInLine + 1} of the line{behind})");
        }
        catch (InvalidOperationException)
        {
            problem($"{_name}:{_line}", "has a name that is not valid Unicode");
        }
        catch (IOException error)
        {
            problem(_name, $"cannot be read: {error.Message}");
        }

        return null;
    }

    /// <summary>Goes past a token, or a whole entry; null where the buffer ends before.</summary>
    private (string? Name, JsonDocument? Document, long Line)? Step()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAll, _state);
        if (!reader.Read())
        {
            if (_where != Where.End || !_isAll)
            {
                return null;
            }

            // White space behind the file's value.
            _start = _end;
            return (null, null, 0);
        }

        switch (_where)
        {
            case Where.Begin when reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject:
                return Taken(ref reader, reader.TokenType == JsonTokenType.StartArray ? Where.List : Where.Object, null, null, 0);
            case Where.Begin:
                throw new JsonException("", null, _line - 1, 0);
            case Where.List or Where.ListInObject when reader.TokenType == JsonTokenType.EndArray:
                return Taken(ref reader, _where == Where.List ? Where.End : Where.Object, null, null, 0);
            case Where.Object when reader.TokenType == JsonTokenType.EndObject:
                return Taken(ref reader, Where.End, null, null, 0);
            case Where.Object:
                string name = reader.GetString()!;
                if (_lists.Contains(name))
                {
                    Utf8JsonReader inner = reader;
                    if (!inner.Read())
                    {
                        return null;
                    }

                    if (inner.TokenType == JsonTokenType.StartArray)
                    {
                        (_list, _count) = (name, 0);
                        return Taken(ref inner, Where.ListInObject, null, null, 0);
                    }
                }

                _list = "";
                return Value(ref reader, name);
            default:
                return Value(ref reader, null);
        }
    }

    private (string? Name, JsonDocument? Document, long Line)? Value(ref Utf8JsonReader reader, string? name)
    {
        long line = _line + _buffer.AsSpan(_start, (int)reader.TokenStartIndex).Count((byte)'\n');
        return JsonDocument.TryParseValue(ref reader, out JsonDocument? document) ? Taken(ref reader, _where, name, document, line) : null;
    }

    private (string? Name, JsonDocument? Document, long Line) Taken(ref Utf8JsonReader reader, Where where, string? name, JsonDocument? document, long line)
    {
        int taken = (int)reader.BytesConsumed;
        _line += _buffer.AsSpan(_start, taken).Count((byte)'\n');
        (_state, _start, _where) = (reader.CurrentState, _start + taken, where);
        return (name, document, line);
    }

    private void Fill()
    {
        int rest = _end - _start;
        if (_start == 0 && rest == _buffer.Length)
        {
            if (_buffer.Length == MostBuffer)
            {
                throw new IOException($"an entry of it has more than {MostBuffer} bytes.");
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        _buffer.AsSpan(_start, rest).CopyTo(_buffer);
        (_start, _end) = (0, rest);
        bool isFirst = _stream.Position == 0;
        int read = _stream.ReadAtLeast(_buffer.AsSpan(_end), 4, throwOnEndOfStream: false);
        _isAll = read < 4;
        _end += read;
        if (isFirst && _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
        {
            _start = 3;
        }
    }
}
