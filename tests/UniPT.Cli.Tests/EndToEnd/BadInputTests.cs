using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Cli.Tests.EndToEnd;

public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public BadInputTests() => _data = EmojiSample.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train.batchsize=3", "train.batchsize", "train.batch_size")]
    [InlineData("method.name=magic", "magic", "unipt, head, full")]
    [InlineData("train.batch_size=0", "train.batch_size", "from 1 to 65536")]
    [InlineData("data.image_size=100", "data.image_size", "multiple of 32")]
    [InlineData("method.width=many", "method.width", "many")]
    [InlineData("method.interaction=magic", "method.interaction", "relu_l1, softmax, attention, none")]
    [InlineData("method.aggregation=magic", "method.aggregation", "confidence, mean, sum, learned, last, similarity, task")]
    [InlineData("method.reduction=2", "given twice", "reduction: 2")]
    [InlineData("method.rank=4", "method.rank", "belongs to lora")]
    [InlineData("backbones.image.layers=[0, 4]", "mobilenet_v2", "0 to 3", "layer 4")]
    public void OptionsAreNamedWithWhatTheyMayBe(string option, params string[] parts) => Refused(option, parts);

    [Theory]
    [InlineData("data.path")]
    [InlineData("backbones.image.weights")]
    [InlineData("backbones.text.weights")]
    [InlineData("backbones.text.vocabulary")]
    public void MissingEmptyAndSenselessFilesAreNamed(string option)
    {
        string missing = _folder.File("missing");
        Refused($"{option}={missing}", option, missing);
        string empty = _folder.File("empty");
        File.WriteAllText(empty, "");
        Refused($"{option}={empty}", empty);
        string senseless = _folder.File("senseless");
        File.WriteAllBytes(senseless, [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 31))]);
        Refused($"{option}={senseless}", senseless);
    }

    [Theory]
    [InlineData("data.path", "data/emoji-noto.zip")]
    [InlineData("backbones.image.weights", "models/mobilenet_v2.safetensors")]
    [InlineData("backbones.text.weights", "models/use_lite.safetensors")]
    [InlineData("backbones.text.vocabulary", "models/use_lite.vocab.json")]
    public void TruncatedFilesAreNamed(string option, string file)
    {
        string truncated = _folder.File("truncated");
        byte[] whole = File.ReadAllBytes(Path.Combine(RepositoryPaths.Root, file));
        File.WriteAllBytes(truncated, whole[..(whole.Length / 2)]);
        Refused($"{option}={truncated}", truncated);
    }

    [Fact]
    public void WeightsOfAnotherNetworkAreRefusedWithTheTensorThatIsMissing() =>
        Refused("backbones.image.weights=models/use_lite.safetensors", "use_lite.safetensors", "features.0.0.weight");

    [Fact]
    public void AnImageThatIsNoneIsNamed()
    {
        string picture = Directory.GetFiles(Path.Combine(_data, "train"), "*.png").Order(StringComparer.Ordinal).First();
        File.WriteAllText(picture, "This is not a picture.");
        ToolResult result = Tool.Run(SampleTraining.Arguments(_data, _folder.File("refused")));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"train/{Path.GetFileName(picture)}: is not a picture", result.Error);
    }

    [Fact]
    public void AnEmptyRecipeIsNamed()
    {
        string recipe = _folder.File("empty.yaml");
        File.WriteAllText(recipe, "");
        Tool.Run("train", recipe).AssertUserError(recipe);
    }

    [Fact]
    public void WhereNothingCanBeWrittenNothingIsTrained()
    {
        Tool.Run(SampleTraining.Arguments(_data, "/proc/run")).AssertUserError("/proc/run");
        Tool.Run(SampleTraining.Arguments(_data, "/dev/null")).AssertUserError("/dev/null");
    }

    [Theory]
    [InlineData("train", "recipes/emoji/unipt.yaml", "--json", "")]
    [InlineData("train", "recipes/emoji/unipt.yaml", "--out", "")]
    [InlineData("train", "recipes/emoji/unipt.yaml", "--data", "")]
    [InlineData("train", "recipes/emoji/unipt.yaml", "--set", "")]
    [InlineData("train", "")]
    [InlineData("compare", "recipes/emoji/unipt.yaml", "--methods", "")]
    [InlineData("plan", "recipes/emoji/unipt.yaml", "--budget", "")]
    [InlineData("evaluate", "runs/none", "--models", "")]
    [InlineData("evaluate", "")]
    [InlineData("search", "runs/none", "--picture", "")]
    [InlineData("search", "runs/none", "a dog", "--html", "")]
    [InlineData("inspect", "")]
    [InlineData("study", "")]
    public void AnEmptyTextIsNothingThatAnOptionCanBe(params string[] arguments) =>
        Tool.Run(arguments).AssertUserError(" is empty", $"see unipt {arguments[0]} --help");

    [Fact]
    public void FiguresThatCouldNotBeWrittenAreSaidBeforeTheTraining()
    {
        foreach (string file in new[] { "/proc/figures.json", _folder.FullName })
        {
            Tool.Run(SampleTraining.Arguments(_data, _folder.File("run"), "--json", file)).AssertUserError($"Cannot write {file}");
        }

        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Fact]
    public void AnAdapterOfPeftIsNamedAsOne()
    {
        string adapter = _folder.File("peft");
        Directory.CreateDirectory(adapter);
        File.WriteAllText(Path.Combine(adapter, "adapter_config.json"), """{"base_model_name_or_path": "bert-base-uncased", "peft_type": "LORA", "r": 8}""");
        foreach (string verb in new[] { "evaluate", "inspect" })
        {
            Tool.Run(verb, adapter).AssertUserError(adapter, "Hugging Face's PEFT", "unipt merge");
        }
    }

    [SmallDiskFact]
    public void AFullDiskIsSaidInASentence()
    {
        string disk = _folder.File("disk");
        Directory.CreateDirectory(disk);
        ToolResult result = SmallDisk.Run(disk, SampleTraining.Arguments(_data, Path.Combine(disk, "run")));

        result.AssertUserError(disk, "No space left on device");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void ADamagedCheckpointIsNamed(double part)
    {
        string run = _folder.File("run");
        Assert.Equal(0, Tool.Run(SampleTraining.Arguments(_data, run, "--set", "train.max_steps=1")).ExitCode);
        File.Delete(Path.Combine(run, "result.json"));
        string checkpoint = Path.Combine(run, "checkpoints", "last.safetensors");
        using (FileStream stream = File.OpenWrite(checkpoint))
        {
            stream.SetLength((long)(stream.Length * part));
        }

        Tool.Run(SampleTraining.Arguments(_data, run, "--resume", "--set", "train.max_steps=1")).AssertUserError(checkpoint);
    }

    [Fact]
    public void ADeviceThatIsNotThereIsRefused()
    {
        Tool.Run(SampleTraining.Arguments(_data, _folder.File("run"), "--device", "tpu")).AssertUserError("tpu");
        if (!TorchRuntime.CudaAvailable)
        {
            Tool.Run(SampleTraining.Arguments(_data, _folder.File("run"), "--device", "cuda")).AssertUserError("cuda", "libtorch-cuda");
        }
    }

    private void Refused(string option, params string[] parts)
    {
        string run = _folder.File("refused");
        Tool.Run(SampleTraining.Arguments(_data, run, "--set", option)).AssertUserError(parts);
        Assert.False(File.Exists(Path.Combine(run, "adapter")));
    }
}
