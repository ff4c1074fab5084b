using System.IO.Compression;
using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats.PyTorch;

/// <summary>Files of PyTorch with bytes changed, left out, put in, moved and cut off by chance: each is read or refused with a sentence, and nothing is left behind.</summary>
public sealed class ChangedFilesTests
{
    private const int Changes = 500;

    [Theory]
    [InlineData("layouts.pt")]
    [InlineData("layouts.legacy.pt")]
    [InlineData("layouts.protocol4.pt")]
    [InlineData("script.pt")]
    [InlineData("evil.legacy.pth")]
    [InlineData("vse.pth#model/0")]
    public void AChangedFileIsReadOrRefused(string name)
    {
        string[] parts = name.Split('#');
        byte[] valid = File.ReadAllBytes(PyTorchFileTests.Fixture(parts[0]));
        Try(parts, random => Changed(valid, random));
    }

    /// <summary>The zip around it is whole, so that the pickle's reader sees every change.</summary>
    [Theory]
    [InlineData("layouts.pt")]
    [InlineData("layouts.protocol4.pt")]
    [InlineData("script.pt")]
    [InlineData("mdetr.pth")]
    [InlineData("evil.pth")]
    public void AChangedPickleIsReadOrRefused(string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(PyTorchFileTests.Fixture(name));
        (string Name, byte[] Content)[] entries = [.. archive.Entries.Select(entry => (entry.FullName, Content(entry)))];
        Try([name], random => ZipBytes.Of(wide: false, [.. entries.Select(entry => entry.Name.EndsWith(".pkl") || entry.Name.EndsWith(".py") ? (entry.Name, Changed(entry.Content, random)) : entry)]));
    }

    private static void Try(string[] parts, Func<Random, byte[]> change)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("changed");
        string given = parts.Length > 1 ? $"{path}#{parts[1]}" : path;
        var random = new Random(20261126);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        int refused = 0;
        for (int i = 0; i < Changes; i++)
        {
            File.WriteAllBytes(path, change(random));
            try
            {
                using DisposeScope scope = torch.NewDisposeScope();
                using TensorFile file = TensorFile.Open(given);
                foreach (TensorEntry entry in file.Entries.Values.Where(entry => entry.Type is not null))
                {
                    Assert.Equal(entry.ByteCount, file.Read(entry.Name).ToBytes().Length);
                }
            }
            catch (UserException)
            {
                refused++;
            }
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.False(File.Exists("it-ran"));
        Assert.True(refused > Changes / 10, $"{refused} of {Changes} refused: the changes reach nothing");
    }

    private static byte[] Changed(byte[] valid, Random random)
    {
        List<byte> bytes = [.. valid];
        for (int changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            int length = random.Next(1, Math.Min(40, bytes.Count - at) + 1);
            switch (random.Next(8))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 2 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes[at] = random.Next(2) == 0 ? byte.MaxValue : byte.MinValue;
                    break;
                case 4:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
