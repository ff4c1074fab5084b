using UniPT.Tasks.Retrieval;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Recipes;

public sealed class RecipeTests : IDisposable
{
    private readonly RecipeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>In the order in which they stand, since the first that matches counts.</summary>
    [Fact]
    public void GroupsOfWeightsAreReadAndWritten()
    {
        using var folder = new RecipeFolder();
        Recipe recipe = folder.Parse(RecipeFolder.Valid + """
              groups:
                no_decay:
                  match: ["*bias", "*norm*"]
                  weight_decay: 0
                head:
                  match: ["head.*"]
                  learning_rate_factor: 0.5

            """);
        Assert.Equal(["no_decay", "head"], recipe.Train.Groups.Keys);
        Assert.Equal(new WeightGroup { Match = ["*bias", "*norm*"], WeightDecay = 0 }, recipe.Train.Groups["no_decay"]);
        Assert.Equal(new WeightGroup { Match = ["head.*"], LearningRateFactor = 0.5 }, recipe.Train.Groups["head"]);
        Assert.Equal(recipe, folder.Parse(recipe.ToYaml()));
    }

    [Fact]
    public void Takes_what_is_given_and_defaults_for_the_rest()
    {
        Recipe recipe = _folder.Parse(RecipeFolder.Valid);

        Assert.Equal("sample", recipe.Name);
        Assert.Equal(8, recipe.Train.BatchSize);
        Assert.Equal(new TrainOptions { Epochs = 3, BatchSize = 8 }, recipe.Train);
        Assert.Equal(new RetrievalOptions(), recipe.Task.Options);
        Assert.Equal(new MethodChoice("wide", new SampleMethods.WideOptions { Width = 64 }), recipe.Method);
    }

    [Fact]
    public void Loads_from_a_file_and_finds_paths_beside_it()
    {
        string file = _folder.PathOf("recipe.yaml");
        File.WriteAllText(file, RecipeFolder.Valid);

        Recipe recipe = Recipe.Load(file, SampleMethods.Catalog);

        Assert.Equal(_folder.PathOf("pictures"), recipe.Data.Path);
        Assert.Equal(_folder.PathOf("vocabulary.json"), recipe.Backbones["text"].Vocabulary);
    }

    [Fact]
    public void Paths_of_a_recipe_belong_to_its_folder_and_typed_ones_to_the_current()
    {
        string recipe = _folder.PathOf("recipe.yaml");
        File.WriteAllText(recipe, RecipeFolder.Valid);
        string here = Path.GetFileName(Directory.GetFiles(Environment.CurrentDirectory)[0]);

        Recipe typed = Recipe.Load(recipe, SampleMethods.Catalog, [$"backbones.image.weights={here}"]);
        var missing = Assert.Throws<UserException>(() => Recipe.Load(recipe, SampleMethods.Catalog, ["data.path=pictures"]));

        Assert.Equal(Path.GetFullPath(here), typed.Backbones["image"].Weights);
        Assert.Contains($"data.path is pictures; expected the path of an existing file or folder, looked for at {Path.GetFullPath("pictures")}.", missing.Message);
        Assert.Contains($"looked for at {_folder.PathOf(here)}.", _folder.Refused(RecipeFolder.Valid.Replace("image.safetensors", here)));
    }

    [Theory]
    [InlineData("image.safetensors#model/0", "image.safetensors#model/0")]
    [InlineData("pictures#part", "pictures#part")]
    [InlineData("hf:org/name@v1#part", null)]
    public void Weights_may_be_a_part_of_a_file_or_a_name_in_the_hub_cache(string given, string? path)
    {
        BackboneOptions options = _folder.Parse(RecipeFolder.Valid.Replace("weights: image.safetensors", $"weights: {given}")).Backbones["image"];

        Assert.Equal(path is null ? given : _folder.PathOf(path), options.Weights);
        if (path is not null)
        {
            Assert.Equal(path.StartsWith("pictures") ? _folder.PathOf("pictures") : _folder.FullName, options.VocabularyPlace);
        }
    }

    [Fact]
    public void A_part_of_a_file_that_is_not_there_is_refused() => Assert.Contains(
        $"looked for at {_folder.PathOf("nowhere.pth#model")}", _folder.Refused(RecipeFolder.Valid.Replace("image.safetensors", "nowhere.pth#model")));

    [Theory]
    [InlineData("My Photos #2")]
    [InlineData("a: b")]
    [InlineData("yes")]
    [InlineData("1e3")]
    [InlineData("~")]
    [InlineData("null")]
    [InlineData("[a]")]
    [InlineData("{a: b}")]
    [InlineData("'quoted'")]
    [InlineData("\"half")]
    [InlineData(" between spaces ")]
    [InlineData("*anchor")]
    [InlineData("a=b")]
    [InlineData("- item")]
    public void Typed_text_is_taken_as_it_is(string name)
    {
        string folder = _folder.PathOf(name);
        Directory.CreateDirectory(folder);

        Recipe recipe = _folder.Parse(RecipeFolder.Valid, $"data.path={folder}", $"method.remark={name}");

        Assert.Equal(folder, recipe.Data.Path);
        Assert.Equal(name, ((SampleMethods.WideOptions)recipe.Method.Options).Remark);
        Assert.Equal(folder, _folder.Parse(RecipeFolder.Valid, $"data.path={name}").Data.Path);
        Assert.Equal(recipe, _folder.Parse(recipe.ToYaml()));
    }

    [Fact]
    public void Typed_values_that_are_no_text_are_read_as_YAML()
    {
        var options = (SampleMethods.WideOptions)_folder.Parse(
            RecipeFolder.Valid, "method.rate= 1e-3 # a remark", "method.parts=[a b, \"c, d\"]", "method.factors=[]").Method.Options;

        Assert.Equal(0.001, options.Rate);
        Assert.Equal(["a b", "c, d"], options.Parts);
        Assert.Empty(options.Factors);
        Assert.Null(((SampleMethods.WideOptions)_folder.Parse(RecipeFolder.Valid, "method.rate=1", "method.rate=null").Method.Options).Rate);
    }

    [Fact]
    public void Keeps_paths_that_lead_nowhere_where_files_are_not_required()
    {
        string text = RecipeFolder.Valid.Replace("image.safetensors", "/elsewhere/image.safetensors");

        Recipe recipe = RecipeReader.Parse(
            text, "recipe.yaml", _folder.FullName, SampleMethods.Catalog, [], requireFiles: false);

        Assert.Equal("/elsewhere/image.safetensors", recipe.Backbones["image"].Weights);
    }

    [Fact]
    public void Reads_every_kind_of_value()
    {
        Recipe recipe = _folder.Parse(RecipeFolder.Valid.Replace("  width: 64", """
              rate: 1e-3
              remark: "null"
              parts: [x, "y z"]
              pools:
                - mean
                - gpo
              factors: []
              direct: { enabled: false, count: -5 }
              second:
                enabled: true
            """));

        var expected = new SampleMethods.WideOptions
        {
            Rate = 0.001,
            Remark = "null",
            Parts = ["x", "y z"],
            Pools = [Pooling.Mean, Pooling.Gpo],
            Factors = [],
            Direct = new() { Enabled = false, Count = -5 },
            Second = new() { Enabled = true },
        };
        Assert.Equal(expected, recipe.Method.Options);
    }

    [Fact]
    public void A_section_whose_options_are_all_commented_out_keeps_its_defaults() =>
        Assert.Equal(new RetrievalOptions(), _folder.Parse(RecipeFolder.Valid.Replace("name: retrieval", "name: retrieval\n  loss:\n    # margin: 0.3")).Task.Options);

    [Theory]
    [InlineData("train.epochs=7", "train.epochs=7")]
    [InlineData("train.step_epochs=[2, 5]", "train.schedule=step", "train.step_epochs=[2,5]")]
    [InlineData("task.loss.kind=infonce", "task.loss.kind=infonce")]
    public void Overrides_stand_over_the_file(string shown, params string[] overrides)
    {
        Recipe changed = _folder.Parse(RecipeFolder.Valid, overrides);

        string[] parts = shown.Split('=');
        string name = parts[0].Split('.')[^1];
        Assert.Contains($"  {name}: {parts[1]}\n", changed.ToYaml());
        Assert.DoesNotContain($"  {name}: {parts[1]}\n", _folder.Parse(RecipeFolder.Valid).ToYaml());
    }

    [Fact]
    public void The_later_of_two_overrides_wins() =>
        Assert.Equal(5, _folder.Parse(RecipeFolder.Valid, "train.epochs=4", "train.epochs=5").Train.Epochs);

    [Fact]
    public void Overriding_the_method_drops_the_options_of_the_one_in_the_file()
    {
        Assert.Equal("plain", _folder.Parse(RecipeFolder.Valid, "method.name=plain").Method.Name);
        Assert.Equal(
            new MethodChoice("full", new SampleMethods.FullOptions { Skipped = 2 }),
            _folder.Parse(RecipeFolder.Valid, "method.skipped=2", "method.name=full").Method);
    }

    [Fact]
    public void Overriding_the_method_with_the_same_keeps_its_options() =>
        Assert.Equal(
            new SampleMethods.WideOptions { Width = 64 },
            _folder.Parse(RecipeFolder.Valid, "method.name=wide").Method.Options);

    [Fact]
    public void A_backbone_s_stream_may_be_tuned_with_options_of_its_own()
    {
        Recipe recipe = _folder.Parse(RecipeFolder.Valid, "method.backbones.text.width=16", "method.remark=x");

        Assert.Equal(new SampleMethods.WideOptions { Width = 64, Remark = "x" }, recipe.Method.OptionsOf("image"));
        Assert.Equal(new SampleMethods.WideOptions { Width = 16, Remark = "x" }, recipe.Method.OptionsOf("text"));
        Assert.Equal(recipe, _folder.Parse(recipe.ToYaml()));
    }

    /// <summary>There was one task, whose options stood at the top.</summary>
    [Fact]
    public void A_recipe_of_an_earlier_version_is_read_as_today_s()
    {
        Recipe recipe = _folder.Parse("""
            name: sample
            data: { path: pictures }
            image: { backbone: mobilenet_v2, weights: image.safetensors, layers: [1, 3] }
            text: { backbone: use_lite, weights: text.safetensors, vocabulary: vocabulary.json }
            method: { name: wide, direct: { enabled: true, correlation_start: false, image_ridge: 0.5 } }
            head: { embedding: 64, pooling: mean }
            loss: { kind: infonce, temperature: 0.5 }
            """);

        Assert.Equal(
            new RetrievalOptions
            {
                Embedding = 64,
                Pooling = Pooling.Mean,
                Loss = new() { Kind = LossKind.Infonce, Temperature = 0.5 },
                CorrelationStart = new() { Enabled = false, ImageRidge = 0.5 },
            },
            recipe.Task.Options);
        Assert.Equal([1, 3], recipe.Backbones["image"].Layers);
        Assert.Equal("use_lite", recipe.Backbones["text"].Architecture);
        Assert.True(((SampleMethods.WideOptions)recipe.Method.Options).Direct.Enabled);
    }
}
