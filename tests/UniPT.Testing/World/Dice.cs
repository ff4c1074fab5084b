namespace UniPT.Testing.World;

/// <summary>Numbers that are a function of a seed on every machine and version of .NET (xorshift, Marsaglia 2003).</summary>
internal sealed class Dice(int seed)
{
    private ulong _state = ((ulong)(uint)seed + 1) * 0x9E3779B97F4A7C15;

    /// <summary>A whole number from 0 to below a limit.</summary>
    public int Below(int limit)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)((_state >> 33) % (ulong)limit);
    }

    /// <summary>One of several.</summary>
    public T One<T>(IReadOnlyList<T> of) => of[Below(of.Count)];

    /// <summary>Different numbers below a limit.</summary>
    public int[] Several(int limit, int count)
    {
        int[] all = [.. Enumerable.Range(0, limit)];
        for (int i = 0; i < count; i++)
        {
            int other = i + Below(limit - i);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return all[..count];
    }
}
