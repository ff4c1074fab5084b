using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Recipes;

/// <summary>Recipes that build on others.</summary>
public sealed class RecipeBaseTests : IDisposable
{
    private readonly RecipeFolder _folder = new();

    public RecipeBaseTests()
    {
        Directory.CreateDirectory(_folder.PathOf("below"));
        Write("base.yaml", RecipeFolder.Valid);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_it_says_stands_over_what_it_builds_on()
    {
        Write("below/other.yaml", "base: ../base.yaml\nname: other\nmethod:\n  remark: more\ntrain:\n  epochs: 9\n");

        Recipe recipe = Load("below/other.yaml");

        Assert.Equal("other", recipe.Name);
        Assert.Equal((9, 8), (recipe.Train.Epochs, recipe.Train.BatchSize));
        Assert.Equal(new SampleMethods.WideOptions { Width = 64, Remark = "more" }, recipe.Method.Options);
        Assert.Equal(recipe, _folder.Parse(recipe.ToYaml()));
    }

    [Fact]
    public void Of_several_the_later_stand_over_the_earlier()
    {
        Write("below/data.yaml", "base: ../base.yaml\ntrain:\n  epochs: 9\n  batch_size: 4\n");
        Write("method.yaml", "method:\n  name: full\ntrain:\n  epochs: 3\n");
        Write("other.yaml", "base: [below/data.yaml, method.yaml]\nname: other\n");

        Recipe recipe = Load("other.yaml");

        Assert.Equal((3, 4), (recipe.Train.Epochs, recipe.Train.BatchSize));
        Assert.Equal(new MethodChoice("full", new SampleMethods.FullOptions()), recipe.Method);
        Assert.Equal(_folder.PathOf("pictures"), recipe.Data.Path);
    }

    [Fact]
    public void Paths_belong_to_the_file_that_names_them()
    {
        File.WriteAllText(_folder.PathOf("below/own.safetensors"), "");
        Write("below/other.yaml", "base: ../base.yaml\nbackbones:\n  image:\n    weights: own.safetensors\n");

        Recipe recipe = Load("below/other.yaml");

        Assert.Equal(_folder.PathOf("pictures"), recipe.Data.Path);
        Assert.Equal(_folder.PathOf("text.safetensors"), recipe.Backbones["text"].Weights);
        Assert.Equal(_folder.PathOf("below/own.safetensors"), recipe.Backbones["image"].Weights);
    }

    [Fact]
    public void Another_method_drops_the_options_of_the_one_that_it_replaces()
    {
        Write("other.yaml", "base: base.yaml\nmethod:\n  name: full\n  skipped: 3\n");

        Assert.Equal(new MethodChoice("full", new SampleMethods.FullOptions { Skipped = 3 }), Load("other.yaml").Method);
    }

    [Fact]
    public void Problems_are_said_where_they_stand()
    {
        Write("base.yaml", RecipeFolder.Valid.Replace("batch_size: 8", "batch_size: 0"));
        Write("other.yaml", "base: base.yaml\ntrain:\n  epochs: 0\n");

        string message = Refused("other.yaml");

        Assert.Contains("base.yaml:19: train.batch_size is 0;", message);
        Assert.Contains("other.yaml:3: train.epochs is 0;", message);
    }

    [Theory]
    [InlineData("base: other.yaml", "other.yaml:1: base is other.yaml, which builds on this recipe; expected one that does not.")]
    [InlineData("base: second.yaml", "second.yaml:1: base is other.yaml, which builds on this recipe; expected one that does not.")]
    [InlineData("base: []", "other.yaml:1: base is a list; expected the path of a recipe to build on, or a list of them.")]
    [InlineData("base: [[a]]", "other.yaml:1: base is a list; expected the path of a recipe to build on, or a list of them.")]
    [InlineData("base: [base.yaml, other.yaml]", "other.yaml:1: base is other.yaml, which builds on this recipe; expected one that does not.")]
    [InlineData("base:", "other.yaml:1: base is empty; expected the path of a recipe to build on, or a list of them.")]
    [InlineData("base: nowhere.yaml", "nowhere.yaml")]
    [InlineData("base: pictures", "pictures")]
    public void Says_what_is_wrong_with_what_it_builds_on(string text, string message)
    {
        Write("second.yaml", "base: other.yaml\n");
        Write("other.yaml", text + "\nname: x\n");

        Assert.Contains(message, Refused("other.yaml"));
    }

    [Fact]
    public void A_long_chain_is_refused()
    {
        for (int i = 0; i < 20; i++)
        {
            Write($"chain{i}.yaml", $"base: chain{i + 1}.yaml\n");
        }

        Assert.Contains("more than 8 recipes that build on each other are not read", Refused("chain0.yaml"));
    }

    [Fact]
    public void A_tree_that_doubles_with_every_base_is_refused()
    {
        for (int i = 0; i < 7; i++)
        {
            Write($"twice{i}.yaml", $"base: [twice{i + 1}.yaml, twice{i + 1}.yaml]\n");
        }

        Write("twice7.yaml", RecipeFolder.Valid);

        Assert.Contains("more than 64 recipes to build on are not read", Refused("twice0.yaml"));
    }

    private void Write(string name, string text) => File.WriteAllText(_folder.PathOf(name), text);

    private Recipe Load(string name) => Recipe.Load(_folder.PathOf(name), SampleMethods.Catalog);

    private string Refused(string name) => Assert.Throws<UserException>(() => Load(name)).Message;
}
