using System.Threading.Channels;

namespace UniPT.Training.Loop;

/// <summary>Prepares items ahead of their use on several threads and gives them out in order.</summary>
internal static class Prefetcher
{
    /// <summary>Calls <paramref name="prepare"/> for 0 … count−1, at most <paramref name="workers"/> at once.</summary>
    /// <remarks>A failure surfaces where its item would have come; what was prepared but not used is disposed.</remarks>
    internal static IEnumerable<T> Run<T>(int count, int workers, Func<int, T> prepare) where T : IDisposable
    {
        var ahead = Channel.CreateBounded<Task<T>>(workers);
        using var stop = new CancellationTokenSource();
        Task feeder = Task.Run(() => FeedAsync(ahead.Writer, count, prepare, stop.Token));
        try
        {
            while (ahead.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (ahead.Reader.TryRead(out Task<T>? next))
                {
                    yield return next.GetAwaiter().GetResult();
                }
            }
        }
        finally
        {
            stop.Cancel();
            feeder.GetAwaiter().GetResult();
            while (ahead.Reader.TryRead(out Task<T>? unused))
            {
                Discard(unused);
            }
        }
    }

    private static async Task FeedAsync<T>(
        ChannelWriter<Task<T>> ahead, int count, Func<int, T> prepare, CancellationToken stop) where T : IDisposable
    {
        for (int i = 0; i < count && !stop.IsCancellationRequested; i++)
        {
            int index = i;
            Task<T> item = Task.Run(() => prepare(index), CancellationToken.None);
            try
            {
                await ahead.WriteAsync(item, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                Discard(item);
            }
        }

        ahead.Complete();
    }

    private static void Discard<T>(Task<T> item) where T : IDisposable
    {
        try
        {
            item.GetAwaiter().GetResult().Dispose();
        }
        catch (Exception error) when (error is UserException or OperationCanceledException)
        {
            // Nobody waits for this item any more.
        }
    }
}
