using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>An adapter of ours, trained once, and those of PEFT in tests/fixtures/peft.</summary>
public sealed class MergeTests(MergeTests.Trained trained) : IClassFixture<MergeTests.Trained>, IDisposable
{
    private static readonly string Peft = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "peft");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ATrainedAdapterBecomesWeightsThatARecipeTakesAndComesOutAgain()
    {
        string merged = _folder.File("merged");
        ToolResult result = Tool.Run("merge", trained.Run, "--out", merged);
        Assert.True(result.ExitCode == 0, result.Error);
        (string image, string text) = (Path.Combine(merged, "image.safetensors"), Path.Combine(merged, "text.safetensors"));
        Assert.Contains($"{image}: ", result.Output);
        Assert.Contains("mobilenet_v2.safetensors with LoRA of 34 linear maps merged; for backbones.image.weights in a recipe", result.Output);
        Assert.Contains("use_lite.safetensors with LoRA of 4 linear maps merged; for backbones.text.weights in a recipe", result.Output);
        Assert.Equal(Types(Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors")), Types(image));
        ToolResult training = Tool.Run(
        [
            .. SampleTraining.Arguments(trained.Data, _folder.File("run"), "--set", "train.max_steps=1", "--set", $"backbones.image.weights={image}", "--set", $"backbones.text.weights={text}"),
        ]);
        Assert.True(training.ExitCode == 0, training.Error);

        string back = _folder.File("image.safetensors");
        Assert.Contains("to the bit, as", Tool.Run("merge", trained.Run, "--undo", image, "--out", back).Output);
        Assert.Equal(File.ReadAllBytes(Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors")), File.ReadAllBytes(back));
        string near = _folder.File("near.safetensors");
        Assert.Contains("but for rounding", Tool.Run("merge", trained.Run, "--undo", image, "--out", near, "--models", _folder.File("none")).Output);
        Near(back, near, 2e-3);

        Tool.Run("merge", trained.Run, "--out", merged).AssertUserError(image, "exists already");
        Tool.Run("merge", trained.Run, "--backbone", "image", "--out", merged).AssertUserError(merged, "is a folder");
        Tool.Run("merge", trained.Run, "--out", _folder.File("both.safetensors")).AssertUserError("must be a folder", "--backbone image or text");
        Tool.Run("merge", trained.Run, "--backbone", "joint", "--out", back).AssertUserError("no LoRA in a backbone joint", "image and text");
        Tool.Run("merge", trained.Run, "--architecture", "bert", "--out", back).AssertUserError("says itself what its backbones are", "--architecture is not for it");
        Tool.Run("merge", trained.Run, "--backbone", "text", "--undo", image, "--out", _folder.File("x")).AssertUserError(image, "was not made of a backbone of");
        Tool.Run("merge", trained.Run, "--undo", back, "--out", _folder.File("x")).AssertUserError(back, "holds no LoRA");
        string models = _folder.File("models");
        Directory.CreateDirectory(models);
        File.Copy(image, Path.Combine(models, "mobilenet_v2.safetensors"));
        Tool.Run("merge", trained.Run, "--backbone", "image", "--models", models, "--out", _folder.File("twice.safetensors")).AssertUserError("holds LoRA already");
        Assert.False(File.Exists(_folder.File("twice.safetensors")));
    }

    [Fact]
    public void AnAdapterOfPeftGoesIntoItsModel()
    {
        string output = _folder.File("out", "model.safetensors");
        ToolResult result = Tool.Run("merge", Adapter("bert"), "--weights", Weights("bert"), "--architecture", "bert", "--out", output);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("with LoRA of 4 linear maps merged; for weights of a bert in a recipe", result.Output);
        Assert.Contains("stay in the adapter: classifier.bias, classifier.weight", result.Output);
        Near(Path.Combine(Peft, "bert", "expected.safetensors"), output, 0);
        Assert.True(File.Exists(_folder.File("out", "config.json")));

        string back = _folder.File("out", "back.safetensors");
        Assert.Contains("the original weights to the bit", Tool.Run("merge", Adapter("bert"), "--architecture", "bert", "--undo", output, "--out", back).Output);
        Assert.Equal(BackboneFingerprint.Of(Weights("bert")), BackboneFingerprint.Of(back));
        Tool.Run("merge", Adapter("bert"), "--weights", output, "--architecture", "bert", "--out", _folder.File("twice")).AssertUserError(output, "holds LoRA already");
        Tool.Run("merge", Adapter("roberta"), "--architecture", "roberta", "--undo", output, "--out", _folder.File("x")).AssertUserError("was not made of a backbone of", "made of a bert");
    }

    [Fact]
    public void AnAdapterOfT5GoesIntoEncoderAndDecoder()
    {
        string output = _folder.File("out", "model.safetensors");
        ToolResult result = Tool.Run("merge", Adapter("t5"), "--weights", Weights("t5"), "--architecture", "t5", "--out", output);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("with LoRA of 26 linear maps merged; for weights of a t5 in a recipe", result.Output);
        Near(Path.Combine(Peft, "t5", "expected.safetensors"), output, 0);
        Assert.True(File.Exists(_folder.File("out", "config.json")));
    }

    [Fact]
    public void OneOfBothTowersNeedsBoth()
    {
        string output = _folder.File("clip.safetensors");
        Tool.Run("merge", Adapter("clip"), "--weights", Weights("clip"), "--architecture", "clip_text", "--out", output)
            .AssertUserError("also changes 6 modules of the other tower", "vision_model.encoder.layers.0", "--architecture clip_text,clip_vit");
        Assert.Equal(0, Tool.Run("merge", Adapter("clip"), "--weights", Weights("clip"), "--architecture", "clip_text,clip_vit", "--out", output).ExitCode);
        Near(Path.Combine(Peft, "clip", "expected.safetensors"), output, 0);
    }

    [Fact]
    public void WhatCannotBeMergedIsNamed()
    {
        string output = _folder.File("out.safetensors");
        Tool.Run("merge", Adapter("bert"), "--out", output).AssertUserError("is an adapter of PEFT for bert-tiny", "--architecture");
        Tool.Run("merge", Adapter("bert"), "--architecture", "bert", "--out", output).AssertUserError("--weights");
        Tool.Run("merge", Adapter("bert"), "--backbone", "text", "--out", output).AssertUserError("is an adapter of PEFT", "--backbone is not for it");
        Tool.Run("merge", Adapter("bert"), "--weights", Weights("bert"), "--architecture", "gpt", "--out", output).AssertUserError("gpt", "bert");
        Tool.Run("merge", Adapter("bert"), "--weights", Weights("roberta"), "--architecture", "roberta", "--out", output).AssertUserError("cannot be put into roberta", "takes 0 of its 4");
        Tool.Run("merge", Adapter("t5"), "--weights", Weights("bert"), "--architecture", "bert", "--out", output).AssertUserError("cannot be put into bert", "takes 0 of its 26");
        Tool.Run("merge", Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "adapters", "ia3"), "--out", output).AssertUserError("was trained with ia3; only what lora trains");
        Tool.Run("merge", _folder.File("none"), "--out", output).AssertUserError("none");
        Tool.Run("evaluate", Adapter("bert")).AssertUserError("Hugging Face's PEFT", "unipt merge");
        Assert.False(File.Exists(output));
    }

    private static string Adapter(string name) => Path.Combine(Peft, name, "adapter");

    private static string Weights(string name) => Path.Combine(Peft, name, "base", "model.safetensors");

    private static IEnumerable<(string Name, string Type)> Types(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return [.. file.Entries.Values.Select(entry => (entry.Name, entry.TypeName)).OrderBy(pair => pair.Name, StringComparer.Ordinal)];
    }

    /// <summary>The tensors of one file as another has them.</summary>
    private static void Near(string expected, string found, double tolerance)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using SafetensorsFile first = SafetensorsFile.Open(expected);
        using SafetensorsFile second = SafetensorsFile.Open(found);
        Assert.All(first.Entries.Keys, name => Assert.Equal(0, (first.Read(name).to(ScalarType.Float64) - second.Read(name).to(ScalarType.Float64)).abs().max().Item(), tolerance));
    }

    /// <summary>A run of LoRA on both towers of the small pair; the method reads some hidden states of one of them.</summary>
    public sealed class Trained : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Trained()
        {
            (Data, Run) = (EmojiSample.Write(_folder), _folder.File("run"));
            ToolResult result = Tool.Run(
                "train", "recipes/emoji-small/lora.yaml", "--out", Run, "--set", $"data.path={Data}", "--set", "data.image_size=64", "--set", "threads=1",
                "--set", "train.batch_size=4", "--set", "train.max_steps=4", "--set", "backbones.image.layers=[1, 2]");
            Assert.True(result.ExitCode == 0, result.Error);
        }

        public string Data { get; }

        public string Run { get; }

        public void Dispose() => _folder.Dispose();
    }
}
