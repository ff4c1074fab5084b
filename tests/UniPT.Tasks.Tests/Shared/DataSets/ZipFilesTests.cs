using System.Buffers.Binary;
using System.IO.Compression;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Torch.Randomness;

namespace UniPT.Tasks.Tests.Shared.DataSets;

public class ZipFilesTests
{
    private const int CentralFlags = 8;
    private const int CentralMethod = 10;
    private const int CentralSize = 24;

    [Theory]
    [InlineData(CentralMethod, 12, "compressed using BZip2")]
    [InlineData(CentralFlags, 1, "is encrypted")]
    [InlineData(CentralSize + 2, 0x4000, "at most 268435456 are allowed")]
    public void AnUnreadableEntryIsAProblem(int field, ushort value, string problem)
    {
        using TemporaryDataSet set = Pack();
        byte[] bytes = File.ReadAllBytes(set.Zip);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(CentralHeader(bytes, "a.png") + field), value);
        File.WriteAllBytes(set.Zip, bytes);
        string[] lines = set.Problems(set.Zip);
        Assert.Equal("Data set SET has 2 problems:", lines[0]);
        Assert.StartsWith("a.png: ", lines[1]);
        Assert.Contains(problem, lines[1]);
    }

    [Fact]
    public void AnEntrySmallerThanItClaimsIsRefused()
    {
        using TemporaryDataSet set = Pack();
        byte[] bytes = File.ReadAllBytes(set.Zip);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(CentralHeader(bytes, "a.png") + CentralSize), 1001);
        File.WriteAllBytes(set.Zip, bytes);
        Assert.StartsWith("a.png: cannot be read", set.Problems(set.Zip)[1]);
    }

    /// <summary>A flipped bit in a stored entry decompresses without a complaint.</summary>
    [Theory]
    [InlineData("a.png", "a.png: cannot be read: its bytes do not agree with its checksum; the zip file is damaged.")]
    [InlineData("a.txt", "Cannot read a.txt of the data set SET: its bytes do not agree with its checksum; the zip file is damaged.")]
    public void AFlippedBitIsRefusedByName(string entry, string problem)
    {
        using TemporaryDataSet set = Pack(CompressionLevel.NoCompression);
        byte[] bytes = File.ReadAllBytes(set.Zip);
        int name = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(entry));
        bytes[name + entry.Length + 40] ^= 1; // also past an extra field
        File.WriteAllBytes(set.Zip, bytes);
        string message = Assert.ThrowsAny<UserException>(() => ImageCaptionDataSet.Open(set.Zip, 0)).Message;
        Assert.Contains(problem, message.Replace(set.Zip, "SET"));
    }

    /// <summary>While one thread reads, another asks.</summary>
    [Fact]
    public async Task AZipIsAskedByManyThreads()
    {
        using TemporaryDataSet set = Pack();
        for (int round = 0; round < 100; round++)
        {
            using DataSetFiles files = DataSetFiles.Open(set.Zip, new DataSetProblems());
            using var start = new Barrier(2);
            Task reading = Task.Factory.StartNew(() => Begin(() => files.Read("a.png")), TaskCreationOptions.LongRunning);
            Task asking = Task.Factory.StartNew(() => Begin(() => Assert.Null(files.FindProblem("a.txt"))), TaskCreationOptions.LongRunning);
            await Task.WhenAll(reading, asking);

            void Begin(Action work)
            {
                start.SignalAndWait();
                for (int i = 0; i < 20; i++)
                {
                    work();
                }
            }
        }
    }

    [Fact]
    public void AnEntryThatOccursTwiceIsAProblem()
    {
        using TemporaryDataSet set = Pack();
        using (ZipArchive archive = ZipFile.Open(set.Zip, ZipArchiveMode.Update))
        {
            using Stream entry = archive.CreateEntry("a.png").Open();
            entry.WriteByte(1);
        }

        Assert.Contains("a.png: occurs twice in the zip", set.Problems(set.Zip));
    }

    [Fact]
    public void ADamagedZipIsReadOrRefused()
    {
        using TemporaryDataSet set = Pack();
        byte[] intact = File.ReadAllBytes(set.Zip);
        int refused = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            var random = new CounterRandom(trial);
            byte[] bytes = trial % 5 == 0 ? intact[..random.Next(intact.Length)] : [.. intact];
            for (int change = random.Next(4); change >= 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(set.Zip, bytes);
            try
            {
                using ImageCaptionDataSet data = ImageCaptionDataSet.Open(set.Zip, 0);
                data.Train.ReadImage(0);
            }
            catch (UserException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 80, 399);
    }

    private static TemporaryDataSet Pack(CompressionLevel compression = CompressionLevel.Optimal)
    {
        TemporaryDataSet set = TemporaryDataSet.Of(("a.txt", "a caption of some length\nand another, which is longer"));
        set.Write("a.png", new byte[1000]);
        set.Pack(compression);
        return set;
    }

    /// <summary>Where the record of an entry in the central directory starts.</summary>
    private static int CentralHeader(byte[] zip, string name)
    {
        int place = zip.AsSpan().LastIndexOf(System.Text.Encoding.ASCII.GetBytes(name)) - 46;
        Assert.Equal("PK\x01\x02"u8, zip.AsSpan(place, 4));
        return place;
    }
}
