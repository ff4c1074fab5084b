using System.Runtime.InteropServices;
using UniPT.Torch.Native;

namespace UniPT.Torch.Operators;

/// <summary>
/// One ATen operator, declared by the leading part of its schema that the wrapper relies on. It is looked up in the
/// loaded libtorch at its first call; arguments that are not passed take the schema's defaults.
/// </summary>
internal sealed unsafe class Operator(string signature)
{
    private const int MaxResults = 64;
    private const int StackBytes = 512;
    private nint _handle;

    /// <summary>For example <c>aten::add.Tensor(Tensor self, Tensor other)</c>.</summary>
    internal string Signature { get; } = signature;

    /// <summary>The operator's name, for example <c>aten::add</c>.</summary>
    internal string Name => Qualified.Split('.')[0];

    /// <summary>The overload's name, empty for the plain one.</summary>
    internal string Overload => Qualified.Contains('.') ? Qualified.Split('.')[1] : "";

    private string Qualified => Signature[..Signature.IndexOf('(')];

    private nint Handle => _handle != 0 ? _handle : _handle = Find();

    /// <summary>The schema as the loaded libtorch states it.</summary>
    internal string LoadedSchema()
    {
        byte* text = stackalloc byte[8192];
        Bridge.Check(Bridge.unipt_operator_schema(Handle, text, 8192));
        return Marshal.PtrToStringUTF8((nint)text)!;
    }

    /// <summary>Calls an operator with one tensor as its result.</summary>
    internal Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        Value* results = stackalloc Value[2];
        Invoke(arguments, results, 2, out int count);
        return count == 1 && results[0].Tag == Tag.Tensor ? Tensor.Adopt((nint)results[0].Bits) : throw Unexpected(results, count, "one tensor");
    }

    /// <summary>Calls an operator whose results are tensors, or one list of them.</summary>
    internal Tensor[] CallMany(params ReadOnlySpan<Argument> arguments)
    {
        Value* results = stackalloc Value[MaxResults];
        Invoke(arguments, results, MaxResults, out int count);
        var tensors = new Tensor[count];
        for (int i = 0; i < count; i++)
        {
            tensors[i] = Tensor.Adopt((nint)results[i].Bits);
        }

        return tensors;
    }

    /// <summary>Calls an operator for its effect; what it returns is the argument that it changed.</summary>
    internal void Run(params ReadOnlySpan<Argument> arguments)
    {
        Value* results = stackalloc Value[MaxResults];
        Invoke(arguments, results, MaxResults, out int count);
        Release(results, count);
    }

    private void Invoke(ReadOnlySpan<Argument> arguments, Value* results, int capacity, out int count)
    {
        byte* stack = stackalloc byte[StackBytes];
        var buffer = new ArgumentBuffer(stack, StackBytes);
        Value* lowered = stackalloc Value[arguments.Length];
        try
        {
            for (int i = 0; i < arguments.Length; i++)
            {
                lowered[i] = buffer.Lower(in arguments[i]);
            }

            Bridge.Check(Bridge.unipt_operator_call(Handle, lowered, arguments.Length, results, capacity, out count));
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private nint Find()
    {
        Bridge.Check(Bridge.unipt_operator_find(Name, Overload, out nint handle));
        return handle;
    }

    private InvalidOperationException Unexpected(Value* results, int count, string expected)
    {
        Release(results, count);
        return new InvalidOperationException($"{Qualified} returned {count} values where {expected} was expected");
    }

    private static void Release(Value* results, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (results[i].Tag == Tag.Tensor)
            {
                Bridge.unipt_tensor_release((nint)results[i].Bits);
            }
        }
    }
}
