using System.Security.Cryptography;
using System.Text;

namespace UniPT.Torch;

/// <summary>
/// New parameters: each is a function of the seed and its name, whatever else is built before it. On the meta device they are shapes without
/// numbers.
/// </summary>
internal sealed class FreshWeights(long seed, Device device, bool trainable = true) : IWeightSource
{
    public bool Trainable => trainable;

    public string? Path => null;

    public bool Contains(string name) => true;

    public long[] Shape(string name) =>
        throw new InvalidOperationException($"The tensor {name} is new and has no shape before it is asked for.");

    public Tensor Take(string name, long[] shape, Initializer initializer)
    {
        if (device.type == DeviceType.META)
        {
            return torch.empty(shape, device: device);
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{name}"));
        TorchRuntime.ManualSeed(BitConverter.ToInt64(hash));

        // Filled on the CPU, so that every device starts from the same numbers.
        Tensor tensor = torch.empty(shape);
        initializer(tensor);
        return tensor.to(device);
    }

    public void EnsureAllUsed(Func<string, bool> used)
    {
    }

    public void Dispose()
    {
    }
}
