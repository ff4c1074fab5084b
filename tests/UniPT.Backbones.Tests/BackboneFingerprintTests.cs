using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests;

public sealed class BackboneFingerprintTests
{
    [Fact]
    public void ItFollowsWhatTheTensorsAreAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor a = TensorData.From([1f, 2], 2);
        Tensor b = TensorData.From([3f, 4], 2);
        string original = Fingerprint(("a", a), ("b", b));
        Assert.Matches("^[0-9a-f]{64}$", original);
        Assert.Equal(original, Fingerprint(("b", b), ("a", a)));
        string[] others =
        [
            original,
            Fingerprint(("a", b), ("b", a)),
            Fingerprint(("a", a), ("c", b)),
            Fingerprint(("a", a), ("b", b.view(1, 2))),
            Fingerprint(("a", a), ("b", b.to(ScalarType.Float64))),
            Fingerprint(("a", a)),
        ];
        Assert.Equal(others.Length, others.Distinct().Count());

        string Fingerprint(params (string Name, Tensor Tensor)[] tensors)
        {
            string path = folder.File($"{Guid.NewGuid()}.safetensors");
            SafetensorsWriter.Write(
                path, tensors.ToDictionary(pair => pair.Name, pair => pair.Tensor), new Dictionary<string, string> { ["when"] = path });
            return BackboneFingerprint.Of(path);
        }
    }

    [Fact]
    public void AChangedFileIsReadAgain()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = folder.File("x.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = torch.ones(2) });
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        string before = BackboneFingerprint.Of(path);
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = torch.zeros(2) });
        Assert.NotEqual(before, BackboneFingerprint.Of(path));
    }

    [Fact]
    public void ALinkHasTheFingerprintOfItsTarget()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string link = folder.File("model.safetensors");
        foreach (double value in new[] { 1, 2 })
        {
            string blob = folder.File($"blob{value}");
            SafetensorsWriter.Write(blob, new Dictionary<string, Tensor> { ["a"] = torch.full([2], Scalars.Of(value)) });
            File.Delete(link);
            File.CreateSymbolicLink(link, blob);
            Assert.Equal(BackboneFingerprint.Of(blob), BackboneFingerprint.Of(link));
        }

        File.Delete(folder.File("blob2"));
        Assert.Contains(link, Assert.Throws<UserException>(() => BackboneFingerprint.Of(link)).Message);
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        var error = Assert.Throws<UserException>(() => BackboneFingerprint.Of("/no/such.safetensors"));
        Assert.Contains("/no/such.safetensors", error.Message);
    }
}
