using UniPT.Backbones.Media;

namespace UniPT.Backbones.Tests.Media;

public sealed class MemoryGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void AFailedUseGivesItsShareBack()
    {
        var gate = new MemoryGate(1);
        byte[] picture = File.ReadAllBytes(ImageFixtures.Path("rgb.png"));
        for (int i = 0; i < 3; i++)
        {
            Assert.Throws<InvalidOperationException>(
                () => ImageDecoder.Decode<int>(picture, "photo", _ => throw new InvalidOperationException(), null, gate));
            Assert.Throws<UserException>(() => ImageDecoder.Decode(picture.AsSpan(0, 70), "cut", image => image, null, gate));
        }

        Assert.Equal(25, ImageDecoder.Decode(picture, "photo", image => image, null, gate).Width);
    }

    [Fact]
    public void APictureInsideAPictureDoesNotWaitForItself()
    {
        var gate = new MemoryGate(1);
        byte[] picture = File.ReadAllBytes(ImageFixtures.Path("rgb.png"));
        var thread = new Thread(() => ImageDecoder.Decode(
            picture, "outer", outer => ImageDecoder.Decode(picture, "inner", inner => inner, null, gate), null, gate))
        { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(Patience));
    }

    /// <summary>While a large request waits, small ones that would fit do not pass it.</summary>
    [Fact]
    public void FirstComeFirstServed()
    {
        var gate = new MemoryGate(100);
        var order = new List<string>();
        MemoryGate.Share held = gate.Enter(60);
        Thread large = Waiting(gate, 95, "large", order);
        Thread small = Waiting(gate, 10, "small", order);
        Assert.Empty(order);
        held.Dispose();
        Assert.True(large.Join(Patience) && small.Join(Patience));
        Assert.Equal(["large", "small"], order);
    }

    [Fact]
    public void AnInterruptedThreadLeavesTheQueue()
    {
        var gate = new MemoryGate(100);
        var order = new List<string>();
        MemoryGate.Share held = gate.Enter(60);
        Thread large = Waiting(gate, 95, "large", order);
        Thread small = Waiting(gate, 10, "small", order);
        large.Interrupt();
        Assert.True(large.Join(Patience) && small.Join(Patience));
        Assert.Equal(["interrupted", "small"], order.Order());
        held.Dispose();
    }

    private static Thread Waiting(MemoryGate gate, long bytes, string name, List<string> order)
    {
        var thread = new Thread(() =>
        {
            try
            {
                using MemoryGate.Share share = gate.Enter(bytes);
                Add(order, name);
            }
            catch (ThreadInterruptedException)
            {
                Add(order, "interrupted");
            }
        })
        { IsBackground = true };
        int before = gate.Waiting;
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => gate.Waiting > before, Patience));
        return thread;
    }

    private static void Add(List<string> order, string name)
    {
        lock (order)
        {
            order.Add(name);
        }
    }
}
