namespace UniPT.Backbones.Media;

/// <summary>
/// Bounds what several threads hold together: each says how many bytes it needs and waits until they fit. First come, first
/// served, so a large request is not overtaken for ever; one that is larger than the whole budget passes alone.
/// </summary>
/// <param name="budget">Bytes held together at most.</param>
internal sealed class MemoryGate(long budget)
{
    /// <summary>The gate that this thread is inside. It does not wait there again: it could only wait for itself.</summary>
    [ThreadStatic]
    private static MemoryGate? Entered;

    private readonly LinkedList<long> _waiting = new();
    private long _held;

    /// <summary>Threads that wait now.</summary>
    internal int Waiting
    {
        get
        {
            lock (_waiting)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Waits until the bytes fit; disposing what is returned, on the same thread, gives them back.</summary>
    internal Share Enter(long bytes)
    {
        if (Entered == this)
        {
            return default;
        }

        lock (_waiting)
        {
            LinkedListNode<long> place = _waiting.AddLast(bytes);
            try
            {
                while (place != _waiting.First || (_held > 0 && bytes > budget - _held))
                {
                    Monitor.Wait(_waiting);
                }

                _held += bytes;
            }
            finally
            {
                // Also when the thread is interrupted while it waits: those behind it move up.
                _waiting.Remove(place);
                Monitor.PulseAll(_waiting);
            }
        }

        Entered = this;
        return new Share(this, bytes);
    }

    private void Leave(long bytes)
    {
        Entered = null;
        lock (_waiting)
        {
            _held -= bytes;
            Monitor.PulseAll(_waiting);
        }
    }

    /// <summary>Bytes that a thread holds.</summary>
    internal readonly ref struct Share(MemoryGate? gate, long bytes)
    {
        /// <summary>Gives them back.</summary>
        internal void Dispose() => gate?.Leave(bytes);
    }
}
