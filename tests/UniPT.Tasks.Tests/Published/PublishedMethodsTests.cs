using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Planning;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Tuning.Lst;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.Sherl;

namespace UniPT.Tasks.Tests.Published;

/// <summary>The method and the optimisation of every published recipe, on small networks and made data in the published formats: a step runs, and its memory is planned.</summary>
public sealed class PublishedMethodsTests : IDisposable
{
    private const int Batch = 4;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Systems => new()
    {
        { "f30k", "unipt full partial adapter lora bitfit prefix prompt lst" },
        { "msvd", "unipt full partial adapter lora bitfit prompt lst" },
        { "gqa", "unipt full partial adapter lora bitfit prompt lst" },
        { "refcoco", "unipt full partial adapter lora bitfit prompt lst" },
        { "rte", "unipt full adapter lora bitfit prompt lst sherl" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Systems))]
    public void AStepOfEveryMethodIsPlanned(string data, string methods)
    {
        Recipe sample = Recipe.Load(Sample(data));
        var activations = new Dictionary<string, long>();
        foreach (string method in methods.Split(' '))
        {
            MemoryPlan plan = MemoryPlanner.Plan(OnSmallNetworks(sample, PublishedModel.Load($"{data}/{method}")));
            activations[method] = plan.Step.Activations!.Value;
            Assert.True(plan is { TrainableParameters: > 0, Step.Gradients: > 0, Step.Optimizer: > 0 }, method);
        }

        // What is beside a frozen network keeps less than training it does.
        Assert.InRange(activations["unipt"], 1, activations["full"]);
    }

    /// <summary>Whatever the task, hidden states are put on one scale before training begins where a method asks for it; none does beside a decoder.</summary>
    [Theory]
    [InlineData("f30k")]
    [InlineData("msvd")]
    [InlineData("gqa")]
    public async Task HiddenStatesAreStandardisedBeforeTraining(string data)
    {
        Recipe sample = Recipe.Load(Sample(data), overrides: ["method.standardise_inputs=true", "train.max_steps=1", "train.epochs=1"]);
        RunResult run = await Trainer.RunAsync(sample, _folder.File("run"));
        using SafetensorsFile adapter = SafetensorsFile.Open(Path.Combine(run.Folder, "adapter", "adapter_model.safetensors"));
        using DisposeScope scope = torch.NewDisposeScope();
        string[] scales = [.. adapter.Entries.Keys.Where(name => name.EndsWith("standardization.scale", StringComparison.Ordinal))];
        Assert.Equal(sample.Backbones.Count, scales.Length);
        Assert.All(scales, name => Assert.Contains(adapter.Read(name).ToArray<float>(), scale => scale != 1));
    }

    /// <summary>Pictures of both orientations, of which kept hidden states are planned too.</summary>
    [Fact]
    public void KeptHiddenStatesOfPicturesOfBothOrientationsArePlanned()
    {
        Recipe sample = Recipe.Load(QuestionsSample.Write(_folder.FullName), overrides: ["train.cache=true"]);
        Assert.True(MemoryPlanner.Plan(sample).Step.Activations > 0);
    }

    private string Sample(string data) => data switch
    {
        "f30k" => RetrievalSample.Write(_folder.FullName),
        "msvd" => VideoRetrievalSample.Write(_folder.FullName, VideoLayout.Msvd, files: false),
        "gqa" => QuestionsSample.Write(_folder.FullName, QuestionsLayout.Gqa),
        "refcoco" => GroundingSample.Write(_folder.FullName),
        _ => TextToTextSample.Write(_folder.FullName),
    };

    /// <summary>The published method, rates and groups, with the sizes of the sample where those of a deep network do not fit it.</summary>
    private static Recipe OnSmallNetworks(Recipe sample, Recipe published) => sample with
    {
        Task = published.Task.Name == "video_retrieval" ? published.Task : sample.Task,
        Method = published.Method with
        {
            Options = published.Method.Options switch
            {
                LstOptions lst => lst with { Dropped = [], Heads = 1, FisherBatches = 2 },
                PromptOptions prompt => prompt with { Length = 2 },
                SherlOptions sherl => sherl with { Dropped = [] },
                var options => options,
            },
        },
        Backbones = new OptionMap<BackboneOptions>(sample.Backbones.Select(pair => KeyValuePair.Create(
            pair.Key, pair.Value with { Frozen = published.Backbones[pair.Key].Frozen, TrainingMode = published.Backbones[pair.Key].TrainingMode }))),
        Train = published.Train with { BatchSize = Batch, AccumulationSteps = 1 },
    };
}
