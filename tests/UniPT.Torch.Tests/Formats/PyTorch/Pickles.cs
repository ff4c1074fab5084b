using System.Text;

namespace UniPT.Torch.Tests.Formats.PyTorch;

/// <summary>Pickles by hand; Latin-1 letters are opcodes.</summary>
internal static class Pickles
{
    /// <summary>The tensor <c>w</c> of two floats in the storage 0.</summary>
    public static byte[] State => WithTensor(storage: "2", offset: "0", shape: "2", strides: "1");

    /// <summary>Parts as small numbers; a part may also be whole opcodes.</summary>
    public static byte[] WithTensor(string storage, string offset, string shape, string strides, string kind = "FloatStorage") => Of(
        $"\u0080\u0002}}U\u0001wctorch._utils\n_rebuild_tensor_v2\n((U\u0007storagectorch\n{kind}\nU\u00010U\u0003cpuL{storage}L\ntQL{offset}L\n({Numbers(shape)}t({Numbers(strides)}t\u0089ccollections\nOrderedDict\n)RtRs.");

    public static byte[] Of(string opcodes) => Encoding.Latin1.GetBytes(opcodes);

    private static string Numbers(string list) => string.Concat(list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => $"L{number}L\n"));
}
