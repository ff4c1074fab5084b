namespace UniPT.Torch.Randomness;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014), keyed: the numbers are a pure function of the key on every platform and
/// runtime, which <see cref="Random"/> does not promise.
/// </summary>
/// <remarks>A value type: a copy continues on its own.</remarks>
public struct CounterRandom
{
    /// <summary>SplitMix64's step: 2⁶⁴ divided by the golden ratio, made odd.</summary>
    public const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>Starts the stream that belongs to a key, such as seed, epoch and index.</summary>
    public CounterRandom(params ReadOnlySpan<long> key)
    {
        foreach (long part in key)
        {
            _state = Mix(_state + Gamma + (ulong)part);
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        _state += Gamma;
        return Mix(_state);
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [0, <paramref name="bound"/>), each equally likely (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong range = (ulong)bound;
        ulong rejected = unchecked(0UL - range) % range;
        ulong high;
        ulong low;
        do
        {
            high = Math.BigMul(NextUInt64(), range, out low);
        }
        while (low < rejected);

        return (int)high;
    }

    /// <summary>The finaliser of SplitMix64: a one-to-one function whose every output bit depends on every input bit.</summary>
    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
