using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats;

public sealed class SafetensorsMutationTests
{
    private const int Mutations = 10_000;

    [Fact]
    public void TenThousandMutatedFilesAreRefusedOrGiveTheTensorsThatTheyDescribe()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("mutated.safetensors");
        using DisposeScope outer = torch.NewDisposeScope();
        SafetensorsWriter.Write(path, SafetensorsFileTests.Examples(), new Dictionary<string, string> { ["k"] = "v" });
        byte[] valid = File.ReadAllBytes(path);
        int header = (int)BitConverter.ToInt64(valid) + 8;
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var random = new Random(20261121);
        int refused = 0;
        int read = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = Mutate(valid, header, random);
            File.WriteAllBytes(path, bytes);
            try
            {
                using DisposeScope scope = torch.NewDisposeScope();
                using SafetensorsFile file = SafetensorsFile.Open(path);
                foreach (TensorEntry entry in file.Entries.Values)
                {
                    Tensor tensor = file.Read(entry.Name);
                    Assert.Equal(entry.Shape, tensor.shape);
                    Assert.Equal(entry.Type, tensor.dtype);
                    Assert.Equal(bytes.AsSpan((int)entry.Offset, (int)entry.ByteCount).ToArray(), tensor.ToBytes());
                }

                read++;
            }
            catch (UserException)
            {
                refused++;
            }
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(Mutations, refused + read);
        Assert.True(refused > 1000 && read > 1000, $"{refused} refused, {read} read: the mutations are one-sided");
    }

    private static byte[] Mutate(byte[] valid, int header, Random random)
    {
        byte[] bytes = [.. valid];
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                return [.. bytes, .. new byte[random.Next(1, 16)]];
            case 2:
                bytes[random.Next(8)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 3:
                bytes[random.Next(header, bytes.Length)] = (byte)random.Next(256);
                return bytes;
            default:
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(8, header)] = (byte)"0123456789[]{},:\" F".ElementAt(random.Next(19));
                }

                return bytes;
        }
    }
}
