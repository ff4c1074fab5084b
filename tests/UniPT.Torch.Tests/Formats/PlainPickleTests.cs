using System.Text;

namespace UniPT.Torch.Tests.Formats;

/// <summary>What Python's <c>pickle.dumps</c> gives, in every protocol.</summary>
public sealed class PlainPickleTests
{
    // {"xYz12_abC-4_3_11": [["a", "cat", "jumps"], ["the", "cät\n", "le'aps"]], "b": [["xxx", "🙂", "back\\slash"]], "n": [1, -2, 2.5, True, None, (1, 2)]}
    [Theory]
    [InlineData("KGRwMApWeFl6MTJfYWJDLTRfM18xMQpwMQoobHAyCihscDMKVmEKcDQKYVZjYXQKcDUKYVZqdW1wcwpwNgphYShscDcKVnRoZQpwOAphVmPkdFx1MDAwYQpwOQphVmxlJ2FwcwpwMTAKYWFzVmIKcDExCihscDEyCihscDEzClZ4eHgKcDE0CmFWXFUwMDAxZjY0MgpwMTUKYVZiYWNrXHUwMDVjc2xhc2gKcDE2CmFhc1ZuCnAxNwoobHAxOApJMQphSS0yCmFGMi41CmFJMDEKYU5hKEkxCkkyCnRwMTkKYXMu")]
    [InlineData("fXEAKFgQAAAAeFl6MTJfYWJDLTRfM18xMXEBXXECKF1xAyhYAQAAAGFxBFgDAAAAY2F0cQVYBQAAAGp1bXBzcQZlXXEHKFgDAAAAdGhlcQhYBQAAAGPDpHQKcQlYBgAAAGxlJ2Fwc3EKZWVYAQAAAGJxC11xDF1xDShYAwAAAHh4eHEOWAQAAADwn5mCcQ9YCgAAAGJhY2tcc2xhc2hxEGVhWAEAAABucRFdcRIoSwFK/v///0dABAAAAAAAAEkwMQpOKEsBSwJ0cRNldS4=")]
    [InlineData("gAJ9cQAoWBAAAAB4WXoxMl9hYkMtNF8zXzExcQFdcQIoXXEDKFgBAAAAYXEEWAMAAABjYXRxBVgFAAAAanVtcHNxBmVdcQcoWAMAAAB0aGVxCFgFAAAAY8OkdApxCVgGAAAAbGUnYXBzcQplZVgBAAAAYnELXXEMXXENKFgDAAAAeHh4cQ5YBAAAAPCfmYJxD1gKAAAAYmFja1xzbGFzaHEQZWFYAQAAAG5xEV1xEihLAUr+////R0AEAAAAAAAAiE5LAUsChnETZXUu")]
    [InlineData("gASVkgAAAAAAAAB9lCiMEHhZejEyX2FiQy00XzNfMTGUXZQoXZQojAFhlIwDY2F0lIwFanVtcHOUZV2UKIwDdGhllIwFY8OkdAqUjAZsZSdhcHOUZWWMAWKUXZRdlCiMA3h4eJSMBPCfmYKUjApiYWNrXHNsYXNolGVhjAFulF2UKEsBSv7///9HQAQAAAAAAACITksBSwKGlGV1Lg==")]
    [InlineData("gAWVkgAAAAAAAAB9lCiMEHhZejEyX2FiQy00XzNfMTGUXZQoXZQojAFhlIwDY2F0lIwFanVtcHOUZV2UKIwDdGhllIwFY8OkdAqUjAZsZSdhcHOUZWWMAWKUXZRdlCiMA3h4eJSMBPCfmYKUjApiYWNrXHNsYXNolGVhjAFulF2UKEsBSv7///9HQAQAAAAAAACITksBSwKGlGV1Lg==")]
    public void EveryProtocolIsRead(string pickle)
    {
        var read = Assert.IsType<IReadOnlyDictionary<object, object?>>(PlainPickle.Read("a.pkl", Convert.FromBase64String(pickle)), exactMatch: false);
        Assert.Equal(["xYz12_abC-4_3_11", "b", "n"], read.Keys);
        Assert.Equal([["a", "cat", "jumps"], ["the", "cät\n", "le'aps"]], Lists(read["xYz12_abC-4_3_11"]));
        Assert.Equal([["xxx", "🙂", "back\\slash"]], Lists(read["b"]));
        var numbers = Assert.IsType<IReadOnlyList<object?>>(read["n"], exactMatch: false);
        Assert.Equal([1L, -2L, 2.5, true, null], numbers.SkipLast(1));
        Assert.Equal([1L, 2L], Assert.IsType<IReadOnlyList<object?>>(numbers[^1], exactMatch: false));
    }

    /// <summary>Texts of Python 2 are bytes, printed with escapes.</summary>
    [Fact]
    public void TextsOfPython2AreRead() =>
        Assert.Equal(["it's", "cät\n\\"], (IReadOnlyList<object?>)PlainPickle.Read("a.pkl", "(lp0\nS\"it's\"\np1\naS'c\\xc3\\xa4t\\n\\\\'\np2\na."u8)!);

    [Theory]
    [InlineData("\u0080\u0002}q\u0000X\u0001\u0000\u0000\u0000ac__main__\nA\n)\u0081s.", "a.pkl names __main__.A in its pickle; expected texts, numbers, lists and dictionaries only. Nothing of it was run.")]
    [InlineData("cbuiltins\nset\n.", "a.pkl names builtins.set in its pickle")]
    [InlineData("cos\nsystem\n(S'id'\ntR.", "a.pkl names os.system in its pickle")]
    [InlineData("NQ.", "a.pkl is not a pickle that can be read: its pickle has the operation 0x51, which data have no use for.")]
    [InlineData("(lp0\nVa", "a.pkl is not a pickle that can be read: its pickle is cut off.")]
    [InlineData("Sno marks\n.", "a text without its quotation marks")]
    [InlineData("g5\n.", "refers to what it has not remembered")]
    [InlineData("Fabc\n.", "a number that is none")]
    public void WhatIsNotPlainDataIsRefused(string opcodes, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<UserException>(() => PlainPickle.Read("a.pkl", Encoding.Latin1.GetBytes(opcodes))).Message);

    private static IEnumerable<object?[]> Lists(object? value) => ((IReadOnlyList<object?>)value!).Select(inner => ((IReadOnlyList<object?>)inner!).ToArray());
}
