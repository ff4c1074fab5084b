using UniPT.Tasks.Retrieval;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

namespace UniPT.Training.Tests;

/// <summary>Runs whose frozen backbones compute in bfloat16, and their adapters.</summary>
public sealed class TrainerPrecisionTests : IDisposable
{
    private static readonly string[] Results = ["adapter/adapter_model.safetensors", "checkpoints/last.safetensors"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TrainerPrecisionTests() => _data = EmojiSample.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("unipt", "task.correlation_start.enabled=false")]
    [InlineData("head", "task.correlation_start.enabled=false")]
    [InlineData("lst", "task.loss.ramp=false")]
    public async Task BackbonesHoldHalfAndTheAdapterOpensAgain(string name, string option)
    {
        TensorCount live = TensorCount.Now();
        using var exact = new StopWhen();
        using var rounded = new StopWhen();
        RunResult before = await Train(name, "float32", exact, "precision=float32", option);
        RunResult after = await Train(name, "bf16", rounded, "precision=bf16", option);
        Assert.Equal(("float32", "float32"), (before.Conditions.Type, before.Conditions.Precision));
        Assert.Equal(("float32", "bfloat16"), (after.Conditions.Type, after.Conditions.Precision));
        Assert.Contains("precision: bf16", File.ReadAllText(Path.Combine(after.Folder, "recipe.yaml")));
        Assert.Equal(exact.Steps.Count, rounded.Steps.Count);
        Assert.All(exact.Steps.Zip(rounded.Steps), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 0.1 * exact.Steps[0].Loss));
        using (DisposeScope scope = torch.NewDisposeScope())
        using (var full = Adapter.Load(Path.Combine(before.Folder, "adapter")))
        using (var half = Adapter.Load(Path.Combine(after.Folder, "adapter")))
        {
            Assert.Equal(Precision.Bf16, half.Recipe.Precision);
            long backbones = full.Model.Tuned["image"].Backbone.Store.ByteCount + full.Model.Tuned["text"].Backbone.Store.ByteCount;
            Assert.Equal(backbones / 2, before.StepMemory.Weights - after.StepMemory.Weights);
            Assert.Equal(backbones / 2, full.Model.WeightBytes - half.Model.WeightBytes);
            Assert.Equal(ScalarType.BFloat16, half.Model.Tuned["text"].Backbone.Type);
            Assert.All(half.Model.Trained.Parameters.Values, weight => Assert.Equal(ScalarType.Float32, weight.dtype));
        }

        Assert.Equal(live, TensorCount.Now());
    }

    /// <summary>Products are rounded, and nothing else is: weights and what is evaluated are float32.</summary>
    [Theory]
    [InlineData("unipt", "train.cache=true")]
    [InlineData("published", "train.cache=false")]
    [InlineData("head", "train.cache=true")]
    [InlineData("lst", "train.cache=true")]
    [InlineData("sherl", "train.cache=true")]
    [InlineData("full", "train.cache=false")]
    [InlineData("lora", "train.cache=false")]
    [InlineData("adapter", "train.cache=false")]
    public async Task MixedPrecisionBeginsNearlyAtTheSameLossAndTrains(string name, string cache)
    {
        TensorCount live = TensorCount.Now();
        using var exact = new StopWhen();
        using var mixed = new StopWhen();
        string[] options = [cache, "task.correlation_start.enabled=false", "task.token_drop=0", "train.epochs=2"];
        await Train(name, "exact", exact, options);
        RunResult after = await Train(name, "mixed", mixed, [.. options, "train.mixed_precision=true"]);

        Assert.NotEqual(exact.Steps.Select(step => step.Loss), mixed.Steps.Select(step => step.Loss));

        // Later steps of so small a network go their own ways.
        Assert.Equal(exact.Steps[0].Loss, mixed.Steps[0].Loss, 0.15 * exact.Steps[0].Loss);
        Assert.Equal(exact.Steps.Count, mixed.Steps.Count);
        Assert.Equal(("float32", "float32"), (after.Conditions.Type, after.Conditions.Precision));
        using (var adapter = Adapter.Load(Path.Combine(after.Folder, "adapter")))
        {
            Assert.All(adapter.Model.Trained.Parameters.Values, weight => Assert.Equal(ScalarType.Float32, weight.dtype));
        }

        Assert.Equal(live, TensorCount.Now());
    }

    [Fact]
    public async Task CachedHiddenStatesGiveTheSameLosses()
    {
        using var cached = new StopWhen();
        using var computed = new StopWhen();
        await Train("unipt", "cached", cached, "precision=bf16", "train.cache=true", "task.correlation_start.enabled=false");
        await Train("unipt", "computed", computed, "precision=bf16", "train.cache=false", "task.correlation_start.enabled=false");

        // Another batch size in the backbone rounds elsewhere.
        Assert.NotEmpty(cached.Steps);
        Assert.All(cached.Steps.Zip(computed.Steps), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 0.05 * computed.Steps[0].Loss));
    }

    /// <summary>Whatever this machine takes for auto, one of the two began with the other.</summary>
    [Theory]
    [InlineData("float32")]
    [InlineData("bf16")]
    public async Task AnAutomaticRunContinuesInWhatItBeganWith(string began)
    {
        string[] options = ["train.epochs=2"];
        await Train("unipt", "calm", null, [.. options, $"precision={began}"]);
        using (var stopper = new StopWhen(2))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train("unipt", "stopped", stopper, [.. options, $"precision={began}"]));
        }

        Recipe automatic = SampleRecipe.Load(_data, "unipt", [.. options, "precision=auto"]);
        RunResult resumed = await Trainer.RunAsync(automatic, _folder.File("stopped"), resume: true);
        Assert.Equal(began == "bf16" ? "bfloat16" : "float32", resumed.Conditions.Precision);
        Assert.All(Results, file => Assert.Equal(
            File.ReadAllBytes(Path.Combine(_folder.File("calm"), file)), File.ReadAllBytes(Path.Combine(_folder.File("stopped"), file))));
        Assert.NotNull(RunDirectory.FinishedResult(_folder.File("stopped"), automatic, RunDirectory.InputsOf(_folder.File("stopped"))));

        string other = began == "bf16" ? "float32" : "bf16";
        Recipe changed = SampleRecipe.Load(_data, "unipt", [.. options, $"precision={other}"]);
        Assert.Null(RunDirectory.FinishedResult(_folder.File("stopped"), changed, RunDirectory.InputsOf(_folder.File("stopped"))));
        UserException error = await Assert.ThrowsAsync<UserException>(() => Trainer.RunAsync(changed, _folder.File("stopped"), resume: true));
        Assert.Contains($"precision was {began} and is {other}", error.Message);
    }

    [Fact]
    public async Task WhatAutoBecameIsWritten()
    {
        RunResult result = await Train("head", "run", null, "precision=auto", "train.epochs=1");
        Precision became = Machine.HasFastBFloat16() ? Precision.Bf16 : Precision.Float32;
        Assert.Equal(became == Precision.Bf16 ? "bfloat16" : "float32", result.Conditions.Precision);
        Assert.Contains($"precision: {became.ToString().ToLowerInvariant()}", File.ReadAllText(Path.Combine(result.Folder, "recipe.yaml")));
        Assert.Equal(became, AdapterConfig.Read(Path.Combine(result.Folder, "adapter")).ReadRecipe(result.Folder).Precision);
    }

    [Fact]
    public async Task AdaptersOfSeveralTypesShareNoPass()
    {
        RunResult exact = await Train("head", "float32", null, "precision=float32", "train.epochs=1");
        RunResult rounded = await Train("unipt", "bf16", null, "precision=bf16", "train.epochs=1");
        RunResult cut = await Train("sherl", "sherl", null, "precision=bf16", "train.epochs=1");
        TensorCount live = TensorCount.Now();
        Assert.EndsWith("they differ in their precision.", Refused(exact, rounded));
        Assert.Contains("the method sherl runs the last blocks of the backbones itself", Refused(rounded, cut));
        Assert.Equal(live, TensorCount.Now());

        static string Refused(params RunResult[] runs) => Assert.Throws<UserException>(
            () => SharedAdapters.Load([.. runs.Select(run => Path.Combine(run.Folder, "adapter"))])).Message;
    }

    /// <summary>Embeddings are computed in inference mode, and somebody may train on them all the same.</summary>
    [Fact]
    public async Task EmbeddingsMayBeSavedForBackward()
    {
        RunResult run = await Train("unipt", "run", null, "precision=bf16", "train.epochs=1");
        using DisposeScope scope = torch.NewDisposeScope();
        using var adapter = Adapter.Load(Path.Combine(run.Folder, "adapter"));
        Tensor texts = adapter.ModelAs<RetrievalModel>().EmbedTexts(["a red fruit", "two"]);
        Tensor weight = torch.ones(16).requires_grad_();
        (texts * weight).sum().Backward();
        Assert.Equal(texts.sum(0L).ToArray<float>(), weight.grad!.ToArray<float>());
    }

    private Task<RunResult> Train(string name, string run, StopWhen? watch, params string[] options) =>
        Trainer.RunAsync(SampleRecipe.Load(_data, name, options), _folder.File(run), observer: watch, cancellation: watch?.Token ?? default);
}
