using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace UniPT.Torch;

/// <summary>Writes tensors, and dictionaries and lists of them, as the zip that <c>torch.load</c> reads.</summary>
public static class PyTorchWriter
{
    // Names of 18 letters make local headers of 48 bytes, so that tensors written in the order of their elements' sizes stay aligned to these.
    private const string Storage = "archive/data/{0:D5}";
    private static readonly DateTimeOffset Written = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes beside the path and renames; the same values give the same bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="value">Texts to values: tensors, texts, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, dictionaries and lists of these.</param>
    /// <exception cref="UserException">The file cannot be written, or a tensor has a type that PyTorch has no storage for.</exception>
    /// <exception cref="ArgumentException">A value is of another kind.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, object> value)
    {
        var tensors = new List<Tensor>();
        using var pickle = new MemoryStream();
        pickle.Write([0x80, 2]);
        Add(pickle, value, tensors);
        pickle.Write("."u8);
        AtomicFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (int i in Enumerable.Range(0, tensors.Count).OrderByDescending(i => tensors[i].element_size()))
            {
                AddEntry(zip, string.Format(CultureInfo.InvariantCulture, Storage, i), entry => TensorData.WriteTo(tensors[i], entry.Write));
            }

            AddEntry(zip, "archive/data.pkl", entry => entry.Write(pickle.ToArray()));
            AddEntry(zip, "archive/byteorder", entry => entry.Write("little"u8));
            AddEntry(zip, "archive/version", entry => entry.Write("3\n"u8));
        });
    }

    private static void AddEntry(ZipArchive zip, string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Written;
        using Stream stream = entry.Open();
        write(stream);
    }

    private static void Add(MemoryStream pickle, object value, List<Tensor> tensors)
    {
        switch (value)
        {
            case Tensor tensor:
                AddTensor(pickle, tensor, tensors.Count);
                tensors.Add(tensor);
                break;
            case string text:
                AddText(pickle, text);
                break;
            case bool truth:
                pickle.WriteByte((byte)(truth ? 0x88 : 0x89));
                break;
            case long number:
                AddNumber(pickle, number);
                break;
            case double number:
                var bytes = new byte[sizeof(double)];
                BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
                pickle.Write([(byte)'G', .. bytes]);
                break;
            case IReadOnlyDictionary<string, Tensor> state:
                Add(pickle, state.ToDictionary(pair => pair.Key, pair => (object)pair.Value), tensors);
                break;
            case IReadOnlyDictionary<string, object> dictionary:
                pickle.Write("}"u8);
                foreach ((string key, object item) in dictionary)
                {
                    AddText(pickle, key);
                    Add(pickle, item, tensors);
                    pickle.Write("s"u8);
                }

                break;
            case IReadOnlyList<object> list:
                pickle.Write("]"u8);
                foreach (object item in list)
                {
                    Add(pickle, item, tensors);
                    pickle.Write("a"u8);
                }

                break;
            default:
                throw new ArgumentException($"{value.GetType().Name} is nothing that a checkpoint holds", nameof(value));
        }
    }

    /// <summary>What <see cref="PyTorchGlobals"/> reads: the call that makes a tensor of a storage, which is named by a persistent id.</summary>
    private static void AddTensor(MemoryStream pickle, Tensor tensor, int storage)
    {
        long[] shape = tensor.shape;
        long[] strides = [.. shape.Select((_, i) => shape[(i + 1)..].Aggregate(1L, (product, size) => product * Math.Max(size, 1)))];
        pickle.Write("ctorch._utils\n_rebuild_tensor_v2\n(("u8);
        AddText(pickle, "storage");
        pickle.Write(Encoding.UTF8.GetBytes($"ctorch\n{PyTorchGlobals.StorageOf(tensor.dtype)}\n"));
        AddText(pickle, storage.ToString("D5", CultureInfo.InvariantCulture));
        AddText(pickle, "cpu");
        AddNumber(pickle, tensor.numel());
        pickle.Write("tQ"u8);
        AddNumber(pickle, 0);
        AddTuple(pickle, shape);
        AddTuple(pickle, strides);
        pickle.Write([0x89, .. "ccollections\nOrderedDict\n)RtR"u8]);
    }

    private static void AddTuple(MemoryStream pickle, long[] numbers)
    {
        pickle.Write("("u8);
        foreach (long number in numbers)
        {
            AddNumber(pickle, number);
        }

        pickle.Write("t"u8);
    }

    private static void AddText(MemoryStream pickle, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        pickle.Write([(byte)'X', .. BitConverter.GetBytes(bytes.Length), .. bytes]);
    }

    private static void AddNumber(MemoryStream pickle, long number) =>
        pickle.Write(number is >= int.MinValue and <= int.MaxValue ? [(byte)'J', .. BitConverter.GetBytes((int)number)] : [0x8A, sizeof(long), .. BitConverter.GetBytes(number)]);
}
