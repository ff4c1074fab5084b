using System.Text;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Recipes;

public sealed class RecipeErrorTests : IDisposable
{
    private readonly RecipeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("  batch_size: 8", "  batch_size: 0",
        "recipe.yaml:19: train.batch_size is 0; expected a whole number from 1 to 65536.")]
    [InlineData("  batch_size: 8", "  batch_size: 99999999999999999999",
        "recipe.yaml:19: train.batch_size is 99999999999999999999; expected a whole number from 1 to 65536.")]
    [InlineData("  batch_size: 8", "  batch_size: 1.5",
        "recipe.yaml:19: train.batch_size is 1.5; expected a whole number from 1 to 65536.")]
    [InlineData("  batch_size: 8", "  batch_size:",
        "recipe.yaml:19: train.batch_size is empty; expected a whole number from 1 to 65536.")]
    [InlineData("  batch_size: 8", "  batch_size: [1]",
        "recipe.yaml:19: train.batch_size is a list; expected a whole number from 1 to 65536.")]
    [InlineData("  batch_size: 8", "  learning_rate: .nan",
        "recipe.yaml:19: train.learning_rate is .nan; expected a number from 0 to 10.")]
    [InlineData("  batch_size: 8", "  learning_rate: 1e999",
        "recipe.yaml:19: train.learning_rate is 1e999; expected a number from 0 to 10.")]
    [InlineData("  batch_size: 8", "  cache: yes",
        "recipe.yaml:19: train.cache is yes; expected true or false.")]
    [InlineData("  batch_size: 8", "  schedule: Cosine",
        "recipe.yaml:19: train.schedule is Cosine; expected one of constant, step, step_late, linear, cosine, warmup_constant, warmup_linear, warmup_cosine.")]
    [InlineData("  batch_size: 8", "  step_epochs: 3",
        "recipe.yaml:19: train.step_epochs is 3; expected a list in brackets, each element a whole number from 1 to 100000.")]
    [InlineData("  batch_size: 8", "  step_epochs:\n    - 3\n    - x",
        "recipe.yaml:21: train.step_epochs[1] is x; expected a whole number from 1 to 100000.")]
    [InlineData("  name: retrieval", "  name: retrieval\n  loss: hinge",
        "recipe.yaml:4: task.loss is hinge; expected a section of options.")]
    [InlineData("  path: pictures", "  path: pictures\n  image_size: 100",
        "recipe.yaml:6: data.image_size is 100; expected a whole number from 32 to 1024 that is a multiple of 32.")]
    [InlineData("name: sample", "name: a/b",
        "recipe.yaml:1: name is a/b; expected 1 to 100 letters, digits, '.', '_' or '-', the first a letter or digit.")]
    [InlineData("  path: pictures", "  workers: 1",
        "recipe.yaml: data.path is missing; expected the path of an existing file or folder.")]
    [InlineData("  path: pictures", "  path: nothing",
        "recipe.yaml:5: data.path is nothing; expected the path of an existing file or folder, looked for at /")]
    [InlineData("  path: pictures", "  path: \"a\\0b\"",
        "recipe.yaml:5: data.path is a b; expected the path of an existing file or folder.")]
    [InlineData("    architecture: mobilenet_v2", "    architecture: resnet",
        "recipe.yaml:8: backbones.image.architecture is resnet; expected one of mobilenet_v2.")]
    [InlineData("  name: wide", "  name: lora",
        "recipe.yaml:15: method.name is lora; expected one of wide, plain, full.")]
    [InlineData("  name: wide", "",
        "recipe.yaml: method.name is missing; expected one of wide, plain, full.")]
    [InlineData("  name: retrieval", "  name: sorting",
        "recipe.yaml:3: task.name is sorting; expected one of retrieval.")]
    [InlineData("  name: retrieval", "  # name",
        "recipe.yaml: task.name is missing; expected one of retrieval.")]
    [InlineData("  image:\n    architecture: mobilenet_v2\n    weights: image.safetensors\n", "",
        "recipe.yaml: backbones.image is missing; retrieval needs a backbone there, with its architecture and weights.")]
    [InlineData("  image:", "  sound:",
        "recipe.yaml:7: backbones.sound is not a backbone of retrieval, which has: image, text.")]
    [InlineData("  width: 64", "  backbones: { sound: { width: 8 } }",
        "recipe.yaml:16: method.backbones.sound is not a backbone of retrieval, which has: image, text.")]
    [InlineData("  width: 64", "  backbones: { text: { width: 1 } }",
        "recipe.yaml:16: method.backbones.text.width is 1; expected a whole number from 8 to 4096.")]
    [InlineData("    weights: image.safetensors", "    weights: image.safetensors\n    vocabulary: vocabulary.json",
        "recipe.yaml:10: backbones.image.vocabulary is given; expected none because this backbone reads pictures.")]
    public void Says_where_what_was_found_and_what_is_expected(string valid, string wrong, string message) =>
        Assert.StartsWith(message, _folder.Refused(Changed(valid, wrong)));

    [Theory]
    [InlineData("  batch_size: 8", "  batchsize: 8",
        "recipe.yaml:19: train.batchsize is not an option (did you mean train.batch_size?); train has: epochs, steps, ")]
    [InlineData("  batch_size: 8", "  colour: 8",
        "recipe.yaml:19: train.colour is not an option; train has: epochs, ")]
    [InlineData("name: sample", "name: sample\nweight_decay: 1",
        "recipe.yaml:2: weight_decay is not an option (did you mean train.weight_decay?); a recipe has: name, seed, ")]
    [InlineData("name: sample", "name: sample\nimage: { weights: x }",
        "recipe.yaml:2: image is not an option (did you mean backbones.image?); a recipe has: name, seed, ")]
    [InlineData("name: sample", "name: sample\nloss: { kind: hinge }",
        "recipe.yaml:2: loss is not an option (did you mean task.loss?); a recipe has: name, seed, ")]
    [InlineData("  width: 64", "  skipped: 64",
        "recipe.yaml:16: method.skipped belongs to full; wide has: width, rate, ")]
    [InlineData("  name: wide", "  name: plain",
        "recipe.yaml:16: method.width belongs to wide; plain has: no options.")]
    [InlineData("  width: 64", "  widht: 64",
        "recipe.yaml:16: method.widht is not an option of wide (did you mean method.width?); wide has: width, ")]
    public void Says_of_an_unknown_option_what_is_near_it(string valid, string wrong, string message) =>
        Assert.StartsWith(message, _folder.Refused(Changed(valid, wrong)));

    [Theory]
    [InlineData("train.schedule=step", "recipe.yaml: train.step_epochs is empty; expected some epoch because train.schedule is step.")]
    [InlineData("train.schedule=step_late", "recipe.yaml: train.step_epochs is empty; expected some epoch because train.schedule is step_late.")]
    [InlineData("train.warmup_share=0.1 train.warmup_steps=5", "--set train.warmup_share=0.1: train.warmup_share is 0.1; expected 0 because train.warmup_steps is 5.")]
    [InlineData("train.evaluate_every_steps=10 train.evaluate_every_epochs=2", "--set train.evaluate_every_epochs=2: train.evaluate_every_epochs is 2; expected to be left out because train.evaluate_every_steps is 10.")]
    [InlineData("train.groups.mine.weight_decay=0", "recipe.yaml: train.groups.mine.match is missing; expected a list in brackets, each element text.")]
    [InlineData("train.groups.mine.match=[a] train.groups.mine.rate=2", "--set train.groups.mine.rate=2: train.groups.mine.rate is not an option; train.groups.mine has: match, learning_rate_factor, from_epoch, optional, weight_decay.")]
    [InlineData("train.groups.mine=3", "--set train.groups.mine=3: train.groups.mine is 3; expected a section of options.")]
    [InlineData("train.ema_decay=1", "--set train.ema_decay=1: train.ema_decay is 1; expected a number from 0 to 0.999999.")]
    [InlineData("train.optimizer=sgd", "--set train.optimizer=sgd: train.optimizer is sgd; expected one of adamw, adam, bert_adam, hugging_face_adamw.")]
    [InlineData("train.step_epochs=[3, 3]", "--set train.step_epochs=[3, 3]: train.step_epochs is [3, 3]; expected each number to be larger than the one before.")]
    [InlineData("backbones.image.layers=[2, 1]", "--set backbones.image.layers=[2, 1]: backbones.image.layers is [2, 1]; expected each number to be larger than the one before.")]
    [InlineData("task.loss.learn_temperature=true", "--set task.loss.learn_temperature=true: task.loss.learn_temperature is true; expected false because only infonce has a temperature.")]
    [InlineData("backbones.image.frozen=true backbones.text.frozen=true", "--set backbones.text.frozen=true: backbones.text.frozen is true; expected false because backbones.image.frozen is true, so the method would have nothing to tune.")]
    [InlineData("train.cache=true data.augmentation=flip", "--set train.cache=true: train.cache is true; expected false because data.augmentation gives other pictures every epoch.")]
    [InlineData("train.cache=true data.caption_word_drop=0.1", "--set train.cache=true: train.cache is true; expected false because data.caption_word_drop gives other captions every epoch.")]
    [InlineData("train.cache=true backbones.text.training_mode=true", "--set train.cache=true: train.cache is true; expected false because backbones.text.training_mode gives other hidden states in every step.")]
    [InlineData("backbones.text.memory_layers=[1,2]", "--set backbones.text.memory_layers=[1,2]: backbones.text.memory_layers is [1, 2]; expected none because the task retrieval reads the stream text, which has no memory.")]
    [InlineData("backbones.text.memory_layers=[2,1]", "--set backbones.text.memory_layers=[2,1]: backbones.text.memory_layers is [2, 1]; expected each number to be larger than the one before.")]
    [InlineData("train.cache=true method.name=full", "--set train.cache=true: train.cache is true; expected false because full changes the backbones' hidden states.")]
    [InlineData("train.epochs=0", "--set train.epochs=0: train.epochs is 0; expected a whole number from 1 to 100000.")]
    [InlineData("epochs=3", "--set epochs=3: epochs is not an option (did you mean train.epochs?); a recipe has: ")]
    [InlineData("train.epochs.x=3", "--set train.epochs.x=3: train.epochs is a section; expected a whole number from 1 to 100000.")]
    [InlineData("train.epochs", "--set train.epochs: expected key=value, such as train.epochs=3.")]
    [InlineData("train..epochs=3", "--set train..epochs=3: expected key=value, such as train.epochs=3.")]
    [InlineData("train.epochs={a:1}", "--set train.epochs={a:1}: the value is a section; expected one value or a list like [1, 2].")]
    [InlineData("train.epochs=[a", "--set train.epochs=[a: this is not valid YAML: ")]
    public void Names_the_override_that_is_wrong(string overrides, string message) =>
        Assert.StartsWith(message, _folder.Refused(
            RecipeFolder.Valid, overrides.Replace(", ", ",\u00a0").Split(' ').Select(text => text.Replace('\u00a0', ' ')).ToArray()));

    [Fact]
    public void Reports_all_problems_together()
    {
        string text = Changed("  batch_size: 8", "  batch_size: 0\n  colour: 3").Replace("mobilenet_v2", "resnet");

        string[] lines = _folder.Refused(text, "seed=-1").Split('\n');

        Assert.Equal(4, lines.Length);
        Assert.Single(lines, line => line.StartsWith("recipe.yaml:19: train.batch_size is 0;"));
        Assert.Single(lines, line => line.StartsWith("recipe.yaml:20: train.colour is not an option;"));
        Assert.Single(lines, line => line.StartsWith("recipe.yaml:8: backbones.image.architecture is resnet;"));
        Assert.Single(lines, line => line.StartsWith("--set seed=-1: seed is -1;"));
    }

    [Fact]
    public void Shows_no_more_problems_than_one_can_read()
    {
        string text = RecipeFolder.Valid + string.Concat(Enumerable.Range(0, 30).Select(i => $"  colour{i}: 1\n"));

        string[] lines = _folder.Refused(text).Split('\n');

        Assert.Equal(21, lines.Length);
        Assert.Equal("... and 10 more problems.", lines[^1]);
    }

    [Theory]
    [InlineData("", "recipe.yaml holds nothing; expected a recipe's sections.")]
    [InlineData("# only this\n", "recipe.yaml holds nothing; expected a recipe's sections.")]
    [InlineData("just text", "recipe.yaml holds just text; expected a recipe's sections.")]
    [InlineData("- a\n", "recipe.yaml holds a list; expected a recipe's sections.")]
    [InlineData("name: a\nname: b\n", "recipe.yaml:2: name is given a second time; expected it once.")]
    [InlineData("name: a\n---\nname: b\n", "recipe.yaml:2: a second document starts here; expected one.")]
    [InlineData("name: a\ntrain: [1, 2\n", "recipe.yaml:3: this is not valid YAML: ")]
    [InlineData("name: a\n\tseed: 1\n", "recipe.yaml:2: this is not valid YAML: ")]
    [InlineData("? [a, b]\n: c\n", "recipe.yaml:1: a list or section stands where the name of an option was expected.")]
    [InlineData("\"a\\nb\": c\n", "recipe.yaml:1: a b is not the name of an option.")]
    [InlineData("name: &x a\nseed: *x\n", "recipe.yaml:1: anchors (&), aliases (*) and tags (!) are not allowed in a recipe.")]
    [InlineData("name: a\nseed: !!int 3\n", "recipe.yaml:2: anchors (&), aliases (*) and tags (!) are not allowed in a recipe.")]
    public void Refuses_what_is_not_a_recipe(string text, string message) =>
        Assert.StartsWith(message, _folder.Refused(text));

    [Theory]
    [InlineData("[", "[")]
    [InlineData("a: {", "{a: ")]
    [InlineData("- ", "- ")]
    public void Refuses_deep_nesting_without_overflowing_the_stack(string first, string repeated) =>
        Assert.Contains(
            "nested more than 16 levels deep",
            _folder.Refused(first + string.Concat(Enumerable.Repeat(repeated, 100_000))));

    [Fact]
    public void Refuses_a_file_that_is_too_large()
    {
        File.WriteAllText(_folder.PathOf("large.yaml"), new string('#', (1 << 20) + 1));

        Assert.EndsWith("is too long for a recipe, which has at most 1048576 characters.", RefusedFile("large.yaml"));
    }

    [Fact]
    public void Refuses_a_file_that_is_not_text()
    {
        File.WriteAllBytes(_folder.PathOf("binary.yaml"), [0xff, 0x80]);

        Assert.EndsWith("is not UTF-8 text; expected a recipe.", RefusedFile("binary.yaml"));
    }

    [Fact]
    public void Says_that_a_file_is_missing_or_a_folder()
    {
        Assert.Contains("none.yaml (a recipe): Could not find file", RefusedFile("none.yaml"));
        Assert.EndsWith("pictures (a recipe): it is a folder.", RefusedFile("pictures"));
    }

    [Fact]
    public void Reads_a_byte_order_mark()
    {
        File.WriteAllText(_folder.PathOf("mark.yaml"), RecipeFolder.Valid, new UTF8Encoding(true));

        Assert.Equal("sample", Recipe.Load(_folder.PathOf("mark.yaml"), SampleMethods.Catalog).Name);
    }

    private string RefusedFile(string name) =>
        Assert.Throws<UserException>(() => Recipe.Load(_folder.PathOf(name), SampleMethods.Catalog)).Message;

    private static string Changed(string valid, string wrong)
    {
        Assert.Contains(valid, RecipeFolder.Valid);
        return RecipeFolder.Valid.Replace(valid, wrong);
    }
}
