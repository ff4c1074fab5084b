using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace UniPT.Torch;

/// <summary>
/// Reads a pickle (Python's <c>pickletools</c> documents the operations, PEP 3154 the newest) into plain values. A pickle is a program for a machine with a
/// stack, whose operations call what they name; this machine can only build values, and names that <see cref="PyTorchGlobals"/> does not know
/// end it. Nothing here calls itself, so depth costs no stack, and the number of operations, of which each copied value is one, bounds memory and time.
/// </summary>
internal ref struct PickleReader
{
    private const int MaxOperations = 5_000_000;
    private readonly string _path;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _script;
    private readonly bool _plain;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private readonly Dictionary<string, PickledStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>A reader at the beginning of some bytes.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="bytes">A pickle, and whatever follows it.</param>
    /// <param name="script">Whether classes of TorchScript may occur.</param>
    /// <param name="plain">Whether nothing may be named at all: texts, numbers, lists and dictionaries only, as in a file of Python's own <c>pickle</c>.</param>
    internal PickleReader(string path, ReadOnlySpan<byte> bytes, bool script = false, bool plain = false)
    {
        (_path, _script, _plain) = (path, script, plain);
        _bytes = bytes;
    }

    /// <summary>The storages that the pickle refers to, by their keys.</summary>
    internal readonly IReadOnlyDictionary<string, PickledStorage> Storages => _storages;

    /// <summary>How many bytes were read.</summary>
    internal int Position { get; private set; }

    private int _operations;

    /// <summary>Reads to the end of the pickle.</summary>
    /// <exception cref="UserException">It is cut off, broken, too large, or names what is neither tensor nor container.</exception>
    internal object? Read()
    {
        while (_operations < MaxOperations)
        {
            _operations++;
            byte operation = Take(1)[0];
            if (operation == '.')
            {
                return Pop();
            }

            Do(operation);
        }

        throw Broken($"its pickle has more than {MaxOperations:N0} operations");
    }

    private void Do(byte operation)
    {
        switch (operation)
        {
            case 0x80: // PROTO
                Expect(Take(1)[0] <= 5, "its pickle has a protocol above 5");
                break;
            case 0x95: // FRAME
                Take(8);
                break;
            case (byte)'(':
                _marks.Add(_stack.Count);
                break;
            case (byte)'0':
                Pop();
                break;
            case (byte)'1':
                PopMark();
                break;
            case (byte)'2':
                Push(Top());
                break;
            case (byte)'N':
                Push(null);
                break;
            case 0x88:
                Push(true);
                break;
            case 0x89:
                Push(false);
                break;
            case (byte)'I':
                string number = Line();
                Push(number is "00" or "01" ? number == "01" : Number(number));
                break;
            case (byte)'L':
                Push(Number(Line().TrimEnd('L')));
                break;
            case (byte)'J':
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case (byte)'K':
                Push((long)Take(1)[0]);
                break;
            case (byte)'M':
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case 0x8A: // LONG1
                PushInteger(Take(Take(1)[0]));
                break;
            case 0x8B: // LONG4
                PushInteger(Take(Length(4)));
                break;
            case (byte)'F':
                string real = Line();
                Push(double.TryParse(real, CultureInfo.InvariantCulture, out double parsed) ? parsed : throw Broken("its pickle has a number that is none"));
                break;
            case (byte)'S':
                Push(PickleText.Quoted(Line(Encoding.Latin1)) ?? throw Broken("its pickle has a text without its quotation marks"));
                break;
            case (byte)'V':
                Push(PickleText.Unescaped(Line(Encoding.Latin1)));
                break;
            case (byte)'p':
                _memo[Place(Line())] = Top();
                break;
            case (byte)'g':
                Push(Remembered(Place(Line())));
                break;
            case (byte)'G':
                Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case (byte)'X' or (byte)'T':
                PushText(Length(4));
                break;
            case 0x8C or (byte)'U':
                PushText(Length(1));
                break;
            case 0x8D: // BINUNICODE8
                PushText(Length(8));
                break;
            case (byte)'C':
                Push(Take(Length(1)).ToArray());
                break;
            case (byte)'B':
                Push(Take(Length(4)).ToArray());
                break;
            case 0x8E or 0x96: // BINBYTES8, BYTEARRAY8
                Push(Take(Length(8)).ToArray());
                break;
            case (byte)']' or 0x8F: // EMPTY_LIST, EMPTY_SET
                Push(new List<object?>());
                break;
            case (byte)'l' or 0x91: // LIST, FROZENSET
                Push(new List<object?>(PopMark()));
                break;
            case (byte)'a':
                object? item = Pop();
                List().Add(item);
                break;
            case (byte)'e' or 0x90: // APPENDS, ADDITEMS
                object?[] items = PopMark();
                List().AddRange(items);
                break;
            case (byte)')':
                Push(Array.Empty<object?>());
                break;
            case (byte)'t':
                Push(PopMark());
                break;
            case 0x85 or 0x86 or 0x87: // TUPLE1, TUPLE2, TUPLE3
                Push(PopFrom(_stack.Count - (operation - 0x84)));
                break;
            case (byte)'}':
                Push(new PickleDictionary());
                break;
            case (byte)'d':
                Push(Filled([], PopMark()));
                break;
            case (byte)'s':
                object?[] entry = PopFrom(_stack.Count - 2);
                Filled(Dictionary(), entry);
                break;
            case (byte)'u':
                object?[] entries = PopMark();
                Filled(Dictionary(), entries);
                break;
            case (byte)'q':
                _memo[Take(1)[0]] = Top();
                break;
            case (byte)'r':
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top();
                break;
            case 0x94: // MEMOIZE
                _memo[_memo.Count] = Top();
                break;
            case (byte)'h':
                Push(Remembered(Take(1)[0]));
                break;
            case (byte)'j':
                Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            case (byte)'c':
                Push(Known(Line(), Line()));
                break;
            case 0x93: // STACK_GLOBAL
                Push(PopFrom(_stack.Count - 2) is [string module, string name] ? Known(module, name) : throw Broken("its pickle names something by what is no text"));
                break;
            case (byte)'R' or 0x81: // REDUCE, NEWOBJ
                object?[] arguments = Pop() as object?[] ?? throw Broken("its pickle calls something with what is no tuple");
                var global = Pop() as PickleGlobal ?? throw Broken("its pickle calls what is no name");
                _operations += arguments is [List<object?> copied] ? copied.Count : 0;
                Push(PyTorchGlobals.Call(_path, global, arguments));
                break;
            case (byte)'b':
                Build(Pop());
                break;
            case (byte)'Q' when !_plain:
                PickledStorage storage = PyTorchGlobals.Storage(_path, Pop());
                _storages.TryAdd(storage.Key, storage);
                Push(storage);
                break;
            default:
                throw Broken($"its pickle has the operation 0x{operation:X2}, which {(_plain ? "data have" : "a checkpoint has")} no use for");
        }
    }

    /// <summary>Attributes of a kept object; those of a dictionary, which PyTorch's states have for versions of modules, are dropped.</summary>
    private readonly void Build(object? state)
    {
        if (Top() is PickleObject kept)
        {
            kept.Attributes = state as PickleDictionary ?? throw Broken($"its pickle gives {PrintableText.Of(kept.Kind.ToString())} attributes that are no dictionary");
        }
    }

    private readonly PickleDictionary Filled(PickleDictionary dictionary, object?[] entries)
    {
        Expect(entries.Length % 2 == 0, "its pickle has a key without a value");
        for (int i = 0; i < entries.Length; i += 2)
        {
            dictionary[entries[i] ?? throw Broken("its pickle has a dictionary with the key None")] = entries[i + 1];
        }

        return dictionary;
    }

    private readonly List<object?> List() => Top() as List<object?> ?? throw Broken("its pickle adds an item to what is no list");

    private readonly PickleDictionary Dictionary() => Top() as PickleDictionary ?? throw Broken("its pickle sets a key of what is no dictionary");

    private readonly object? Remembered(long place) =>
        _memo.TryGetValue(place, out object? value) ? value : throw Broken("its pickle refers to what it has not remembered");

    private readonly void Push(object? value) => _stack.Add(value);

    private readonly object? Top() => _stack.Count > Floor ? _stack[^1] : throw Broken("its pickle takes more than it has");

    private readonly object? Pop()
    {
        object? top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private readonly object?[] PopMark()
    {
        Expect(_marks.Count > 0, "its pickle closes what it has not opened");
        int mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return PopFrom(mark);
    }

    private readonly object?[] PopFrom(int start)
    {
        Expect(start >= Floor, "its pickle takes more than it has");
        object?[] items = [.. _stack[start..]];
        _stack.RemoveRange(start, items.Length);
        return items;
    }

    /// <summary>What lies below the last mark is not to be taken.</summary>
    private readonly int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private readonly void PushInteger(ReadOnlySpan<byte> bytes)
    {
        Expect(bytes.Length <= byte.MaxValue, "its pickle has a number of more than 255 bytes");
        var value = new BigInteger(bytes);
        Push(value >= long.MinValue && value <= long.MaxValue ? (long)value : value);
    }

    private void PushText(int length) => Push(Encoding.UTF8.GetString(Take(length)));

    private readonly long Place(string text) => Number(text) is long place and >= 0 ? place : throw Broken("its pickle refers to what it has not remembered");

    private readonly PickleGlobal Known(string module, string name) => _plain
        ? throw new UserException($"{_path} names {PrintableText.Of($"{module}.{name}")} in its pickle; expected texts, numbers, lists and dictionaries only. Nothing of it was run.")
        : PyTorchGlobals.Known(_path, module, name, _script);

    private readonly object Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : throw Broken("its pickle has a number that is none");

    private string Line(Encoding? encoding = null)
    {
        int end = _bytes[Position..].IndexOf((byte)'\n');
        Expect(end >= 0, "its pickle is cut off");
        return (encoding ?? Encoding.UTF8).GetString(Take(end + 1)[..end]);
    }

    private int Length(int bytes)
    {
        ReadOnlySpan<byte> field = Take(bytes);
        ulong length = bytes == 1 ? field[0] : bytes == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(field) : BinaryPrimitives.ReadUInt64LittleEndian(field);
        Expect(length <= (ulong)(_bytes.Length - Position), "its pickle is cut off");
        return (int)length;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        Expect(count <= _bytes.Length - Position, "its pickle is cut off");
        Position += count;
        return _bytes.Slice(Position - count, count);
    }

    private readonly void Expect(bool holds, string problem)
    {
        if (!holds)
        {
            throw Broken(problem);
        }
    }

    private readonly UserException Broken(string problem) =>
        _plain ? new UserException($"{_path} is not a pickle that can be read: {problem}.") : PyTorchGlobals.Broken(_path, problem);
}
