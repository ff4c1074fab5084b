using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Loop;

namespace UniPT.Training.Tests.Loop;

public sealed class StepMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void APeakInTheBackwardIsMeasuredToTheByte()
    {
        const long Weight = 64 * 32 * sizeof(float);
        const long Input = 4096 * 64 * sizeof(float);
        const long Output = 4096 * 32 * sizeof(float);
        StepMemory memory = Run(new ProductTask(4096, 64, 32), null);

        // Where the square goes backwards there are the input, the product, the square's gradient, two steps of its factor and the result,
        // the loss and its gradient. The square itself went with its scope, the weight's gradient comes later.
        Assert.Equal(Input + (5 * Output) + 8, memory.Activations + memory.Gradients);
        Assert.Equal((Weight, Weight, 2 * Weight), (memory.Weights, memory.Gradients, memory.Optimizer));
        Assert.Equal((3 * Weight) + Input + (5 * Output) + 8, memory.Peak);
    }

    [Fact]
    public void APeakInTheOptimizerIsMeasuredToTheByte()
    {
        const long Weight = 512 * 512 * sizeof(float);
        StepMemory memory = Run(new ProductTask(1, 512, 512), null);

        // Everything of the forward is gone, and of the batch 4 bytes; beside the gradient there is the root of the mean square while it is
        // divided by a number, of which libtorch makes a tensor of 8 bytes and one of the root's type.
        Assert.Equal((Weight, Weight + 12 - 4), (memory.Gradients, memory.Activations));
    }

    /// <summary>Nothing lies on that device, and no bound hides that the figures are its own.</summary>
    [Fact]
    public void TheFiguresAreThoseOfTheRunsDevice()
    {
        StepMemory memory = Run(new ProductTask(16, 8, 8), new Device(DeviceType.CUDA, 1));
        Assert.Equal(0, memory.Activations + memory.Gradients);
    }

    [Fact]
    public void WhatIsNotMeasuredIsNull()
    {
        using IDisposable hidden = TensorMemory.Hide();
        StepMemory memory = Run(new ProductTask(16, 8, 8), null);
        Assert.Equal(new StepMemory(256, null, 256, 512), memory);
        Assert.Null(memory.Peak);
    }

    [Fact]
    public void TheLargerStepIsOneThatWasMeasured()
    {
        var small = new StepMemory(1, 0, 1, 1);
        var large = new StepMemory(1, 2, 1, 1);
        var unknown = new StepMemory(9, null, 9, 9);
        Assert.Same(large, StepMemory.Larger(small, large));
        Assert.Same(large, StepMemory.Larger(large, small));
        Assert.Same(small, StepMemory.Larger(small, unknown));
        Assert.Same(small, StepMemory.Larger(unknown, small));
        Assert.Same(unknown, StepMemory.Larger(null, unknown));
    }

    private StepMemory Run(ProductTask task, Device? device)
    {
        using (task)
        using (var state = new RunState(task, new AdamW(task.ParameterGroups)))
        {
            // One step, so that nothing is prepared for another one meanwhile.
            using var watch = new StopWhen();
            var settings = new TrainingSettings { Seed = 1, Epochs = 1, Schedule = new ConstantSchedule(0.1), LastStep = 1, Device = device };
            new TrainingLoop(task, state, settings, _folder.File("last"), _folder.File("adapter"), watch).Run(TrainingPosition.Start, CancellationToken.None);
            return Assert.Single(watch.Steps).Memory;
        }
    }
}
