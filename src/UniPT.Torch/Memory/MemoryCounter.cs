namespace UniPT.Torch;

/// <summary>What is held on one device, counted by any number of threads at once.</summary>
internal sealed class MemoryCounter
{
    private long _current;
    private long _peak;
    private long _total;

    internal long Current => Interlocked.Read(ref _current);

    internal long Peak => Interlocked.Read(ref _peak);

    /// <summary>All that was ever taken.</summary>
    internal long Total => Interlocked.Read(ref _total);

    /// <summary>Counts a block that was taken, or with a negative size one that was freed.</summary>
    internal void Add(long bytes)
    {
        long now = Interlocked.Add(ref _current, bytes);
        if (bytes > 0)
        {
            Interlocked.Add(ref _total, bytes);
            Raise(now);
        }
    }

    internal void ResetPeak()
    {
        Interlocked.Exchange(ref _peak, Current);

        // What another thread took in between.
        Raise(Current);
    }

    private void Raise(long now)
    {
        long peak = Peak;
        while (now > peak)
        {
            long seen = Interlocked.CompareExchange(ref _peak, now, peak);
            if (seen == peak)
            {
                return;
            }

            peak = seen;
        }
    }
}
