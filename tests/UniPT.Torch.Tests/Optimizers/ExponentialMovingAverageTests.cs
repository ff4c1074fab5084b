using UniPT.Testing;

namespace UniPT.Torch.Tests.Optimizers;

public sealed class ExponentialMovingAverageTests
{
    [Fact]
    public void ItStartsFromTheParametersAndFollowsThem()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter weight = new(TensorData.From([1f, 2], 2));
        using var average = new ExponentialMovingAverage(new Dictionary<string, Tensor> { ["w"] = weight }, 0.75);
        Set(weight, [5f, 2]);
        Assert.Equal([1f, 2], average.State()["w"].ToArray<float>());
        average.Update();
        Assert.Equal([2f, 2], average.State()["w"].ToArray<float>());
        average.Update();
        Assert.Equal([2.75f, 2], average.State()["w"].ToArray<float>());
        Assert.Equal([5f, 2], weight.ToArray<float>());
    }

    /// <summary>As MDETR, which averages the whole state of the model.</summary>
    [Fact]
    public void BuffersAreAveragedAndCountsAreNot()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor mean = TensorData.From([4f], 1);
        Tensor count = TensorData.From([7L], 1);
        using var average = new ExponentialMovingAverage(new Dictionary<string, Tensor> { ["mean"] = mean, ["count"] = count }, 0.75);
        mean.Add_(4);
        average.Update();
        Assert.Equal(5, Assert.Single(average.State()).Value.Item());
        using (average.Use())
        {
            Assert.Equal((5, 7), (mean.Item(), count.Item()));
        }

        Assert.Equal((8, 7), (mean.Item(), count.Item()));
        average.Restart();
        Assert.Equal(8, average.State()["mean"].Item());
        Assert.Equal(4, average.ByteCount);
    }

    [Fact]
    public void WhatUsesTheAveragesLeavesTheWeightsToTheBit()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter weight = new(TensorData.From([0.1f, 1e-30f, -0f], 3));
        using var average = new ExponentialMovingAverage(new Dictionary<string, Tensor> { ["w"] = weight }, 0.5);
        Set(weight, [0.3f, 3e-30f, 7]);
        average.Update();
        TensorCount before = TensorCount.Now();
        using (average.Use())
        {
            Assert.Equal(average.State()["w"].ToArray<float>(), weight.ToArray<float>());
            Assert.True(weight.requires_grad);
        }

        Assert.Equal([0.3f, 3e-30f, 7], weight.ToArray<float>());
        Assert.Equal(before, TensorCount.Now());
    }

    [Fact]
    public void AResumedOneContinuesToTheSameBits()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter weight = new(TensorData.From([1f, 2, 3], 3));
        var parameters = new Dictionary<string, Tensor> { ["w"] = weight };
        using var straight = new ExponentialMovingAverage(parameters, 0.9);
        using var before = new ExponentialMovingAverage(parameters, 0.9);
        ExponentialMovingAverage resumed = before;
        for (int step = 0; step < 6; step++)
        {
            Set(weight, [1f / (step + 2), step * 0.3f, -step]);
            if (step == 3)
            {
                SafetensorsWriter.Write(folder.File("average.safetensors"), before.State());
                resumed = new ExponentialMovingAverage(parameters, 0.9);
                using SafetensorsFile file = SafetensorsFile.Open(folder.File("average.safetensors"));
                resumed.LoadState(file.Entries.Keys.ToDictionary(name => name, file.Read), "average");
            }

            straight.Update();
            resumed.Update();
        }

        Assert.Equal(straight.State()["w"].ToArray<float>(), resumed.State()["w"].ToArray<float>());
        var error = Assert.Throws<UserException>(() => resumed.LoadState(new Dictionary<string, Tensor>(), "the file"));
        Assert.Contains("the file", error.Message);
        Assert.Contains("w", error.Message);
        resumed.Dispose();
    }

    private static void Set(Parameter parameter, float[] values)
    {
        using IDisposable unrecorded = torch.no_grad();
        parameter.copy_(TensorData.From(values, values.Length));
    }
}
