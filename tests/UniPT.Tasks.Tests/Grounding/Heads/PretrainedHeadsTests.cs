using UniPT.Tasks.Grounding.Heads;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Grounding.Heads;

public sealed class PretrainedHeadsTests : IDisposable
{
    private const int Width = 8;
    private const int Slots = 5;
    private const int Aligned = 3;
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    public void HeadsOfTheFileAreTaken(bool? required)
    {
        (WeightStore own, WeightStore stored) = (Fresh(1, "head"), Fresh(2, ""));
        Assert.True(PretrainedHeads.Start(own, "head.", Write(stored), required));
        Assert.Equal(12, own.Parameters.Count);
        Assert.All(own.Parameters, pair => Assert.Equal(stored.Parameters[pair.Key["head.".Length..]].ToBytes(), pair.Value.ToBytes()));
        Assert.All(own.Parameters.Values, parameter => Assert.True(parameter.requires_grad));
    }

    [Fact]
    public void WithoutAnyOrUnwantedTheyStayNew()
    {
        (WeightStore own, WeightStore stored) = (Fresh(1, "head"), Fresh(2, ""));
        byte[] before = own.Parameters["head.class_embed.weight"].ToBytes();
        Assert.False(PretrainedHeads.Start(own, "head.", null, true));
        Assert.False(PretrainedHeads.Start(own, "head.", Write(stored), false));
        Assert.False(PretrainedHeads.Start(own, "head.", Write(stored, name => name.StartsWith("other", StringComparison.Ordinal)), null));
        Assert.Equal(before, own.Parameters["head.class_embed.weight"].ToBytes());
    }

    [Fact]
    public void MissingAndMisshapenOnesAreNamed()
    {
        (WeightStore own, WeightStore stored) = (Fresh(1, "head"), Fresh(2, ""));
        string none = Write(stored, name => name.StartsWith("other", StringComparison.Ordinal));
        Assert.Contains($"What {none} has of heads (task.pretrained_heads) does not fit the model: it lacks ", Refused(own, none, true));
        string some = Write(stored, name => name != "bbox_embed.layers.1.bias");
        Assert.Contains("it lacks 1 tensor (bbox_embed.layers.1.bias)", Refused(own, some, null));
        Assert.Contains("class_embed.weight", Refused(own, Write(Fresh(2, "", Slots + 1)), null));
    }

    private static string Refused(WeightStore own, string file, bool? required) => Assert.Throws<UserException>(() => PretrainedHeads.Start(own, "head.", file, required)).Message;

    private string Write(WeightStore heads, Func<string, bool>? which = null)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.safetensors");
        Dictionary<string, Tensor> all = heads.State().Append(KeyValuePair.Create("other", torch.zeros(2))).Where(pair => which?.Invoke(pair.Key) ?? true).ToDictionary();
        SafetensorsWriter.Write(path, all);
        return path;
    }

    private WeightStore Fresh(long seed, string place, int slots = Slots)
    {
        Weights weights = Weights.Fresh(seed);
        _ = new GroundingHeads(place.Length > 0 ? weights / place : weights, Width, slots, Aligned);
        return weights.Store;
    }
}
