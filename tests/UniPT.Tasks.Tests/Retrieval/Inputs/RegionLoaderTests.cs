using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Testing;
using UniPT.Testing.Published;

namespace UniPT.Tasks.Tests.Retrieval.Inputs;

public sealed class RegionLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ImageCaptionDataSet _set;

    public RegionLoaderTests()
    {
        RetrievalSample.WriteData(_folder.File("data"), regions: true);
        _set = ImageCaptionDataSet.Open(_folder.File("data"), 1, null, null, regions: true);
    }

    public void Dispose()
    {
        _set.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void AllAreReadInEvaluation()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BackboneInput input = RegionLoader.Load(_set.Train, [2, 5], CPU);
        Assert.Equal([2, 4, 2048], input.Find(BackboneInput.RegionsPart)!.shape);
        Assert.Null(input.Mask);
    }

    [Fact]
    public void AFifthIsLeftOutInTrainingAsAFunctionOfTheExample()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var loader = new RegionLoader(new() { Path = "", RegionDrop = 0.2 }, 1);
        int[] examples = [.. Enumerable.Range(0, 400)];
        int[] pictures = [.. examples.Select(_ => 7)];
        (Tensor regions, IReadOnlyList<int>? lengths) = loader.LoadVaried(_set.Train, pictures, examples, 3);
        using Tensor owned = regions;
        Assert.Equal(3.2, lengths!.Average(), 0.15);
        Assert.Equal(lengths!.Max(), regions.size(1));
        Tensor all = _set.Train.ReadRegions([7])[0];
        int shorter = lengths!.Index().First(row => row.Item == 3).Index;
        Assert.All(Enumerable.Range(0, 3), region => Assert.Contains(Enumerable.Range(0, 4), whole => regions[shorter, region].allclose(all[whole])));
        Assert.Equal(0f, regions[shorter, 3].abs().sum().ToSingle());

        (Tensor again, IReadOnlyList<int>? same) = loader.LoadVaried(_set.Train, [7, 7], [shorter, 1], 3);
        using Tensor ownedAgain = again;
        Assert.Equal(lengths![shorter], same![0]);
        Assert.True(again[0].narrow(0, 0, 3).allclose(regions[shorter].narrow(0, 0, 3)));
    }

    [Fact]
    public void WithoutDroppingThereAreNoLengths()
    {
        (Tensor regions, IReadOnlyList<int>? lengths) = new RegionLoader(new() { Path = "" }, 1).LoadVaried(_set.Train, [1], [1], 0);
        using Tensor owned = regions;
        Assert.Null(lengths);
    }
}
