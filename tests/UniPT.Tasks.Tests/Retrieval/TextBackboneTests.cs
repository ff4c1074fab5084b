using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Tasks.Retrieval;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Shared.Search;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests;

namespace UniPT.Tasks.Tests.Retrieval;

/// <summary>Recipes whose texts are read by BERT, RoBERTa or CLIP, with small random weights.</summary>
public sealed class TextBackboneTests : IDisposable
{
    private const int Width = 64;
    private const int Positions = 20;
    private static readonly string Vocabularies = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "tokenizers");
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Backbones => ["bert", "roberta", "clip_text"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Backbones))]
    public async Task ARecipeTrainsAndItsAdapterMeasuresTheSame(string backbone)
    {
        TensorCount before = TensorCount.Now();
        Recipe recipe = Load(backbone);
        RunResult result = await Trainer.RunAsync(recipe, _folder.File("run"));
        Assert.Equal(result.Test, Evaluation.Run(_folder.File("run", "adapter")));
        Assert.Equal(before, TensorCount.Now());
    }

    [Theory]
    [MemberData(nameof(Backbones))]
    public async Task AQueryThatIsCutIsSaid(string backbone)
    {
        await Trainer.RunAsync(Load(backbone), _folder.File("run"));
        using SearchIndex index = SearchIndex.Open(_folder.File("run", "adapter"));
        Assert.Null(index.CutNotice("a red cat"));
        Assert.Matches(@"^The query is longer than \d+ tokens and was cut\.$", index.CutNotice(string.Join(' ', Enumerable.Repeat("cat", 30))));
    }

    /// <summary>What has no token of its own has the special ones all the same.</summary>
    [Fact]
    public async Task AQueryOfNothingVisibleIsEmpty()
    {
        await Trainer.RunAsync(Load("bert"), _folder.File("run"));
        using SearchIndex index = SearchIndex.Open(_folder.File("run", "adapter"));
        Assert.Contains("query is empty", Assert.Throws<UserException>(() => index.ByText("\u200B", 1)).Message);
    }

    /// <summary>Padding is 0 in every batch, whatever the vocabulary has there.</summary>
    [Theory]
    [MemberData(nameof(Backbones))]
    public void ATextIsTheSameAloneAndPadded(string backbone)
    {
        Recipe recipe = Load(backbone);
        using DisposeScope scope = torch.NewDisposeScope();
        Backbone text = BackboneRegistry.Open(backbone, recipe.Backbones["text"].Weights);
        using WeightStore store = text.Store;
        var tokenizer = TextTokenizer.Open(recipe.Backbones["text"]);
        int[][] captions = [tokenizer.Encode("a red cat"), tokenizer.Encode("the thing in the red ring")];
        Assert.True(captions[0].Length < captions[1].Length);

        HiddenStates alone = text.forward(BackboneInput.Texts(captions[..1])).Only;
        HiddenStates padded = text.forward(BackboneInput.Texts(captions)).Only;

        Tensor last = padded.Layers[^1].narrow(0, 0, 1).narrow(1, 0, captions[0].Length);
        Assert.True(alone.Layers[^1].allclose(last, 1e-5, 1e-5));
        Assert.True(alone.Pooled is null || alone.Pooled.allclose(padded.Pooled!.narrow(0, 0, 1), 1e-5, 1e-5));
    }

    [Fact]
    public void CaptionsThatAreCutAreCounted()
    {
        Recipe recipe = Load("clip_text");
        var task = (RetrievalTask)TaskRegistry.Create(recipe);
        using var data = RetrievalData.Open(task);
        using TaskModel model = TaskModelBuilder.Build(task);
        IReadOnlyList<string> said = data.Fit(model, "train");
        int cut = data.Set.Train.Images.SelectMany(image => image.Captions).Count(caption => TextTokenizer.Open(recipe.Backbones["text"]).Encode(caption).Length > Positions);
        Assert.InRange(cut, 1, 59);
        Assert.Equal([$"{cut} of 60 captions of the train split are longer than {Positions} tokens and were cut."], said);
        Assert.Equal(Positions, data.Inputs("text", "train").Lengths!.Max());
    }

    [Theory]
    [InlineData(400, "has 523 ids and the weights")]
    [InlineData(651, "have vectors for 651; they do not belong together.")]
    public async Task AVocabularyOfOtherWeightsIsRefused(int rows, string reason)
    {
        Recipe recipe = Load("clip_text", rows);
        var error = await Assert.ThrowsAsync<UserException>(() => Trainer.RunAsync(recipe, _folder.File("run")));
        Assert.Contains(reason, error.Message);
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Fact]
    public async Task ATableMayBePadded()
    {
        Recipe recipe = Load("clip_text", 640);
        Assert.NotNull(await Trainer.RunAsync(recipe, _folder.File("run")));
    }

    private Recipe Load(string backbone, int? rows = null)
    {
        string weights = _folder.File($"{backbone}.safetensors");
        Weights fresh = Weights.Fresh(3);
        using (fresh.Store)
        {
            _ = backbone switch
            {
                "bert" => new BertEncoder(fresh, Shrunk(new BertConfig())),
                "roberta" => new BertEncoder(fresh, Shrunk(BertConfig.RobertaBase) with { Vocabulary = 270 }),
                _ => (Backbone)new ClipText(fresh, new() { Vocabulary = rows ?? 523, MaxTokens = Positions, Width = Width, Layers = 2, Heads = 1, Output = 16 }),
            };
            SafetensorsWriter.Write(weights, fresh.Store.State());
        }

        string vocabulary = backbone == "bert" ? "bert-base-uncased.vocab.txt.gz" : backbone == "roberta" ? "roberta-tiny" : "clip-tiny";
        return SampleRecipe.Load(
            EmojiSample.Write(_folder), "unipt", "train.epochs=1", $"backbones.text.architecture={backbone}", $"backbones.text.weights={weights}", $"backbones.text.vocabulary={Path.Combine(Vocabularies, vocabulary)}");
    }

    private static BertConfig Shrunk(BertConfig config) => config with { Width = Width, Layers = 2, Heads = 1, FeedForward = Width, Positions = Positions };
}
