using UniPT.Training.Loop;
using UniPT.Training.Planning;

namespace UniPT.Training.Tests.Planning;

public sealed class MemoryPlanTests
{
    /// <summary>Three layers add to two what every further one adds, to what is fixed and to what each example needs.</summary>
    [Fact]
    public void ActivationsGrowWithTheLayers()
    {
        MemoryPlan shallow = Plan(new MemoryLine(10, 2), new MemoryLine(100, 1));
        MemoryPlan deeper = Plan(new MemoryLine(14, 3), new MemoryLine(100, 1.5));
        var counted = new StepMemory(5_000, 0, 300, 600);
        var deep = MemoryPlan.OfDepth(12, 75, counted, (2, shallow), (3, deeper));
        Assert.Equal((75, new MemoryLine(50, 12), new MemoryLine(100, 6)), (deep.TrainableParameters, deep.Early, deep.Late));
        Assert.Equal(5_000 + 300 + 600 + 50 + (12 * 20), deep.At(20).Peak);
        Assert.Equal(5_000 + 300 + 600 + 100 + (6 * 2), deep.At(2).Peak);
    }

    [Fact]
    public void WhatWasNotMeasuredIsNotPlanned()
    {
        MemoryPlan unknown = Plan(null, null);
        Assert.Null(MemoryPlan.OfDepth(12, 75, new StepMemory(1, 0, 1, 1), (2, unknown), (3, unknown)).LargestBatch(100));
    }

    [Theory]
    [InlineData(1, 3, 4)]
    [InlineData(9, 6, 9)]
    [InlineData(20, 12, 16)]
    [InlineData(100, 37, 50)]
    [InlineData(1024, 48, 64)]
    public void SmallBatchesAreProbedAsTheyAre(int batch, int few, int many) => Assert.Equal((few, many), MemoryPlanner.ProbeBatches(batch));

    private static MemoryPlan Plan(MemoryLine? early, MemoryLine? late) => new("unipt", 8, 7, new StepMemory(1, 0, 1, 2), early, late);
}
