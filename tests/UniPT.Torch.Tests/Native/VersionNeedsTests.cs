using System.Text;
using UniPT.Torch.Native;

namespace UniPT.Torch.Tests.Native;

public sealed class VersionNeedsTests
{
    private const int Mutations = 300;

    /// <summary>TorchSharp's own library; null where the system is no Linux.</summary>
    private static byte[]? Library => NativeFolders.All(typeof(torch).Assembly)
        .Select(folder => Path.Combine(folder, "libLibTorchSharp.so")).Where(File.Exists).Select(File.ReadAllBytes).FirstOrDefault();

    [Fact]
    public void ThreeBytesOfTheLibraryChange()
    {
        if (Library is { } original)
        {
            byte[] changed = [.. original];
            Assert.Null(VersionNeeds.Weaken(changed));
            Assert.Equal(2, original.Zip(changed).Count(pair => pair.First != pair.Second));

            byte[] twice = [.. changed];
            Assert.Null(VersionNeeds.Weaken(twice));
            Assert.Equal(changed, twice);
        }
    }

    [Fact]
    public void AForeignFileIsLeftAlone()
    {
        Assert.Contains("ends too early", VersionNeeds.Weaken([]));
        Assert.Contains("no 64-bit little-endian ELF", VersionNeeds.Weaken(Encoding.ASCII.GetBytes(new string('x', 4096))));
        byte[] header = new byte[64];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }.CopyTo(header, 0);
        Assert.Contains("section headers", VersionNeeds.Weaken(header));
        header[58] = 64;
        Assert.Contains(".gnu.version_r", VersionNeeds.Weaken(header));
    }

    [Fact]
    public void ALibraryThatCallsSomethingElseOfTheNewVersionIsLeftAlone()
    {
        if (Library is { } library)
        {
            int name = library.AsSpan().IndexOf("_ZSt21ios_base_library_initv"u8);
            library[name + 5] = (byte)'x';
            Assert.Contains("of a newer C++ library", VersionNeeds.Weaken(library));
        }
    }

    [Fact]
    public void ABrokenLibraryIsNeverReadBeyondItsEnd()
    {
        if (Library is { } original)
        {
            var random = new Random(20261126);
            int table = (int)BitConverter.ToInt64(original, 40);
            for (int i = 0; i < Mutations; i++)
            {
                byte[] broken = i % 3 == 0 ? original[..random.Next(original.Length)] : [.. original];
                for (int m = random.Next(1, 8); m > 0 && broken.Length > table; m--)
                {
                    int place = random.Next(2) == 0 ? random.Next(64) : random.Next(table, broken.Length);
                    broken[place] = (byte)random.Next(256);
                }

                // Either it is changed or a reason is given; anything thrown fails the test.
                _ = VersionNeeds.Weaken(broken);
            }
        }
    }
}
