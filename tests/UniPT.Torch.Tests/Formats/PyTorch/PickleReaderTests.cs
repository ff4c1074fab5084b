using System.Text;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats.PyTorch;

/// <summary>Pickles that mean harm, or nothing.</summary>
public sealed class PickleReaderTests
{
    [Theory]
    [InlineData("cos\nsystem\n(S'id'\ntR.", "names os.system")]
    [InlineData("cbuiltins\neval\n.", "names builtins.eval")]
    [InlineData("\u0080\u0004\u008c\u0005posix\u008c\u0006system\u0093.", "names posix.system")]
    [InlineData("c__torch__\nAny\n.", "names __torch__.Any")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\n.", "names numpy.core.multiarray._reconstruct")]
    [InlineData("(iposix\nsystem\n.", "the operation 0x69")]
    [InlineData("\u0082\u0001.", "the operation 0x82")]
    [InlineData("ctorch\nFloatStorage\n)R.", "calls torch.FloatStorage with what it does not take")]
    [InlineData("ccollections\nOrderedDict\nNR.", "with what is no tuple")]
    [InlineData("N)R.", "calls what is no name")]
    [InlineData("", "is cut off")]
    [InlineData("N", "is cut off")]
    [InlineData(".", "takes more than it has")]
    [InlineData("(.", "takes more than it has")]
    [InlineData("t.", "closes what it has not opened")]
    [InlineData("h\u0005.", "refers to what it has not remembered")]
    [InlineData("}K\u0001s.", "takes more than it has")]
    [InlineData("}(K\u0001u.", "a key without a value")]
    [InlineData("}NNs.", "the key None")]
    [InlineData("NNa.", "what is no list")]
    [InlineData("NNNs.", "what is no dictionary")]
    [InlineData("\u0080\u0009.", "a protocol above 5")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ffabc", "is cut off")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fabc", "is cut off")]
    [InlineData("I12x\n.", "a number that is none")]
    [InlineData("NQ.", "no storage")]
    public void WhatIsNotPlainDataIsRefused(string opcodes, string expected) => Assert.Contains(expected, Refusal(opcodes));

    [Fact]
    public void DepthCostsNothingAndIsNoState()
    {
        Assert.Contains("holds no state", Refusal($"{new string(']', 1_000_000)}{new string('a', 999_999)}."));
        Assert.Contains("holds no state", Refusal($"{Repeat("}U\u0001k", 1_000_000)}N{new string('s', 1_000_000)}."));
        Assert.Contains("more than 5,000,000 operations", Refusal($"{new string(']', 6_000_000)}."));
    }

    /// <summary>Thirty lists, each of which holds the one before it ten times: 10³⁰ in all, in a few hundred bytes.</summary>
    [Fact]
    public void WhatGrowsWhenItIsWalkedIsRefused() => Assert.Contains(
        "holds no state", Refusal($"](Ne{Repeat("q\u0000](hhhhhhhhhh".Replace("h", "h\u0000") + "e", 30)}."));

    [Fact]
    public void WhatHoldsItselfIsRefused()
    {
        Assert.Contains("holds no state", Refusal("]q\u0000h\u0000a."));
        Assert.Contains("cannot be walked through", Refusal($"]q\u0000({Repeat("h\u0000", 100)}e."));
        Assert.Contains("holds no state", Refusal("}q\u0000U\u0005modelh\u0000s."));
    }

    /// <summary>Few bytes that would be copied, compared or walked through billions of times.</summary>
    [Fact]
    public void WhatWouldTakeHoursEndsSoon()
    {
        string pairs = Repeat("K\u0001K\u0002\u0086", 1000);
        Assert.Contains("more than 5,000,000 operations", Refusal($"ccollections\nOrderedDict\nq\u0000]({pairs}eq\u0001({Repeat("h\u0000h\u0001\u0085R", 100_000)}t."));
        string keys = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"\u008a\u0008{Little(i)}{Little(i)}N"));
        Assert.Contains("holds no state", Refusal($"}}({keys}u."));
        string wide = Repeat("K\u0001", 50_000);
        Assert.Contains("cannot be walked through", Refusal($"]({wide}eq\u0000]({Repeat("h\u0000", 5_000)}e\u0086."));
        string attributes = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"L{i}L\nN"));
        Assert.Contains("cannot be walked through", Refusal($"}}({attributes}uq\u0000({Repeat("cargparse\nNamespace\n)\u0081h\u0000b", 50_000)}t."));
    }

    [Fact]
    public void AModuleOfTorchScriptThatHoldsItselfIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("loop.pt");
        ZipBytes.Write(path, ("a/data.pkl", Pickles.Of("\u0080\u0002c__torch__\nLoop\n)\u0081q\u0000}U\u0004selfh\u0000sb.")), ("a/constants.pkl", Pickles.Of("\u0080\u0002).")));
        Assert.Contains("more than 64 modules in each other", Assert.Throws<UserException>(() => TensorFile.Open(path)).Message);
    }

    [Theory]
    [InlineData("2", "1", "2", "1", "lies outside its storage")]
    [InlineData("2", "0", "3", "1", "lies outside its storage")]
    [InlineData("2", "0", "2", "2", "lies outside its storage")]
    [InlineData("2", "0", "2 9223372036854775807", "0 1", "more elements than can be counted")]
    [InlineData("2", "9223372036854775807", "1", "1", "lies outside its storage")]
    [InlineData("2", "0", "9000000000", "0", "repeats 2 numbers to 9000000000")]
    [InlineData("9000000000", "0", "9000000000", "0", "repeats 2 numbers to 9000000000")]
    [InlineData("2", "-1", "2", "1", "with what it does not take")]
    [InlineData("2", "0", "-2", "1", "with what it does not take")]
    [InlineData("2", "0", "2", "-1", "with what it does not take")]
    [InlineData("2", "0", "2 2", "1", "with what it does not take")]
    [InlineData("2", "0", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "with what it does not take")]
    [InlineData("-2", "0", "2", "1", "no storage")]
    public void ATensorsPlaceIsChecked(string storage, string offset, string shape, string strides, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.pt");
        ZipBytes.Write(path, ("a/data.pkl", Pickles.WithTensor(storage, offset, shape, strides)), ("a/data/0", new byte[8]));
        Assert.Contains(expected, Assert.Throws<UserException>(() => TensorFile.Open(path)).Message);
    }

    [Fact]
    public void ABooleanIsZeroOrOne()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("a.pt");
        ZipBytes.Write(path, ("a/data.pkl", Pickles.WithTensor("2", "0", "2", "1", "BoolStorage")), ("a/data/0", [1, 7]));
        using TensorFile file = TensorFile.Open(path);
        Assert.Contains("has a Boolean that is neither 0 nor 1", Assert.Throws<UserException>(() => file.Read("w")).Message);
    }

    private static string Refusal(string opcodes)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.pt");
        ZipBytes.Write(path, ("a/data.pkl", Pickles.Of(opcodes)), ("a/data/0", new byte[8]));
        string message = Assert.Throws<UserException>(() => TensorFile.Open(path)).Message;
        Assert.StartsWith(path, message);
        return message;
    }

    private static string Little(int value) => Encoding.Latin1.GetString(BitConverter.GetBytes(value));

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
