using System.IO.Compression;
using System.Text.Json.Nodes;
using UniPT.Tasks.Grounding.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Testing.World;

namespace UniPT.Tasks.Tests.Grounding.Data;

/// <summary>Data sets in MDETR's format, good and bad.</summary>
public sealed class ExpressionDataSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public ExpressionDataSetTests()
    {
        _data = _folder.File("data");
        foreach ((string split, int first) in new[] { ("train", 0), ("val", 10), ("testA", 20), ("testB", 30) })
        {
            GroundingSample.WriteSplit(_data, "refcoco", split, [.. Enumerable.Range(first, 3).Select(id => Scene.Make(id, 64, 48, 2))]);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SplitsAndBoxesAreRead()
    {
        using ExpressionDataSet set = Open();
        Assert.Equal(["train", "val", "test"], set.Splits.Select(split => split.Name));
        Assert.All(set.Splits, split => Assert.Equal(split.Name == "test" ? 6 : 3, split.Pictures));
        Assert.All(set.Splits, split => Assert.Equal(3 * split.Pictures, split.Expressions.Count));
        Assert.Equal(["testA", "testB"], set.Splits[2].Expressions.Select(expression => expression.Part).Distinct());
        var (scene, first) = (Scene.Make(0, 64, 48, 2), set.Splits[0].Expressions[0]);
        Thing thing = scene.Things[0];
        Assert.Equal($"the {thing.Name}", first.Text);
        Assert.Equal((thing.Left, thing.Top, thing.Left + thing.Width, thing.Top + thing.Height), (first.Box.Left, first.Box.Top, first.Box.Right, first.Box.Bottom));
        Assert.Equal([(0, first.Text.Length)], first.Spans);
        Assert.Equal((64, 48, ReferringDataSet.Refcoco), (first.Width, first.Height, first.Set));
        Assert.Empty(set.Notices);
    }

    [Theory]
    [InlineData(TestPart.TestA, "testA")]
    [InlineData(TestPart.TestB, "testB")]
    public void OneTestIsChosen(TestPart part, string name)
    {
        using ExpressionDataSet set = Open(options => options with { Test = part });
        Assert.Equal([name], set.Splits[2].Expressions.Select(expression => expression.Part).Distinct());
    }

    [Fact]
    public void PicturesMayLieElsewhereAndInAZip()
    {
        using ExpressionDataSet together = Open();
        string elsewhere = _folder.File("pictures");
        Directory.Move(GroundingSample.PicturesIn(_data), elsewhere);
        using (ExpressionDataSet apart = Open(options => options with { Images = elsewhere }))
        {
            Assert.Equal(together.Fingerprint, apart.Fingerprint);
        }

        Assert.Contains("(data.images)", Problems());
        ZipFile.CreateFromDirectory(elsewhere, _folder.File("train2014.zip"));
        using ExpressionDataSet zipped = Open(options => options with { Images = _folder.File("train2014.zip") });
        Assert.Equal(together.Fingerprint, zipped.Fingerprint);
        Assert.Contains("is a file; expected a folder with MDETR's annotations.", Assert.Throws<UserException>(() => Open(options => options with { Path = _folder.File("train2014.zip") })).Message);
    }

    [Fact]
    public void TheFingerprintKnowsBoxes()
    {
        using ExpressionDataSet before = Open();
        Change("train", root => Annotation(root)["bbox"]![0] = 1.25);
        using ExpressionDataSet after = Open();
        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
    }

    [Fact]
    public void InspectionSaysWhatIsThere()
    {
        IReadOnlyList<string> lines = ExpressionDataSet.Describe(_data, skipBad: false)!;
        Assert.Equal($"{_data} is a data set of referring expressions for the task grounding:", lines[0]);
        Assert.StartsWith("  RefCOCO  train         9 expressions with a box each,       3 pictures; ", lines[1]);
        Assert.Contains("words in the mean, 8 at most; a box is ", lines[1]);
        Assert.StartsWith("  RefCOCO  testB ", lines[4]);
        Assert.StartsWith("  for example data/coco2014/images/train2014/COCO_train2014_000000000000.jpg, the ", lines[^1]);
        Assert.Null(ExpressionDataSet.Describe(GroundingSample.PicturesIn(_data), skipBad: false));
        Assert.Null(ExpressionDataSet.Describe(Path.Combine(GroundingSample.PicturesIn(_data), "COCO_train2014_000000000000.jpg"), skipBad: false));
    }

    [Fact]
    public void AFolderWithoutExpressionsIsRefused() =>
        Assert.Contains("holds no expressions; expected finetune_refcoco_train.json and its like", Problems(options => options with { Path = GroundingSample.PicturesIn(_data) }));

    [Fact]
    public void AMissingFileIsNamed()
    {
        Assert.Contains("finetune_refcoco+_train.json: is missing below", Problems(options => options with { Dataset = ReferringDataSet.RefcocoPlus }));
        File.Delete(File_("testB"));
        using (ExpressionDataSet set = Open())
        {
            Assert.Equal([$"{_data} lacks finetune_refcoco_testB.json, so that nothing is measured on it."], set.Notices);
        }

        File.Delete(File_("train"));
        Assert.Contains("finetune_refcoco_train.json: is missing below", Problems());
        Assert.Contains("does not exist", Assert.Throws<UserException>(() => Open(options => options with { Path = _folder.File("nowhere") })).Message);
    }

    [Fact]
    public void AFileThatIsThereTwiceIsRefused()
    {
        Directory.CreateDirectory(Path.Combine(_data, "copy"));
        File.Copy(File_("val"), Path.Combine(_data, "copy", "finetune_refcoco_val.json"));
        Assert.Contains("mdetr_annotations/finetune_refcoco_val.json: is the same split as copy/finetune_refcoco_val.json; keep one of them", Problems());
    }

    [Fact]
    public void SplitsThatOverlapAreCounted()
    {
        GroundingSample.WriteSplit(_data, "refcoco", "val", [.. ((int[])[1, 2, 10]).Select(id => Scene.Make(id, 64, 48, 2))]);
        using ExpressionDataSet set = Open();
        Assert.Equal(["2 pictures are in train and in val too, so that figures on val say less of new pictures."], set.Notices);
    }

    public static TheoryData<string, Action<JsonNode>, string> Broken => new()
    {
        { "no picture", root => Image(root)["file_name"] = "COCO_train2014_000000000999.jpg", "(entry 2) of images: the picture COCO_train2014_000000000999.jpg of the expression 70001 is not among the 12 below" },
        { "outside", root => Annotation(root)["bbox"] = new JsonArray(64.0, 0.0, 5.0, 5.0), "(entry 2) of annotations: the box 64.0 0.0 69.0 5.0 of the expression 70001 lies outside of its picture of 64 × 48 pixels" },
        { "no area", root => Annotation(root)["bbox"] = new JsonArray(3.0, 4.0, 0.0, 5.0), "(entry 2) of annotations: the box 3.0 4.0 3.0 9.0 of the expression 70001 has no area" },
        { "three numbers", root => Annotation(root)["bbox"] = new JsonArray(3.0, 4.0, 0.0), "(entry 2) of annotations: needs a whole number image_id and a bbox of four numbers" },
        { "span", root => Annotation(root)["tokens_positive"] = new JsonArray(new JsonArray(4, 99)), "(entry 2) of annotations: the span [4, 99] of the expression 70001 is not inside of its " },
        { "turned span", root => Annotation(root)["tokens_positive"] = new JsonArray(new JsonArray(4, 4)), "the span [4, 4] of the expression 70001" },
        { "no spans", root => Annotation(root)["tokens_positive"] = new JsonArray(), "(entry 2) of annotations: no tokens_positive say which characters of the expression 70001 name the box" },
        { "no expression", root => Annotation(root)["image_id"] = 5, "(entry 2) of annotations: the annotation 90001 is of the expression 5, which is not among the images of the file" },
        { "two boxes", root => root["annotations"]![2]!["image_id"] = 70001, "the expression 70001 has 2 annotations; expected one" },
        { "no box", root => root["annotations"]!.AsArray().RemoveAt(1), "(entry 2) of images: the expression 70001 has no box: no annotation is of it" },
        { "no caption", root => Image(root).AsObject().Remove("caption"), "(entry 2) of images: needs a whole number id, a text file_name" },
        { "empty", root => Image(root)["caption"] = " ", "(entry 2) of images: the expression 70001 is empty" },
        { "twice", root => root["images"]![2]!["id"] = 70001, "(entry 3) of images: the expression 70001 was there before" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void WhatIsWrongWithAnExpressionIsSaidWithItsPlace(string what, Action<JsonNode> change, string sentence)
    {
        Change("train", change);
        string problems = Problems();
        Assert.True(problems.Contains(sentence, StringComparison.Ordinal), $"{what}: {problems}");
        Assert.Contains("mdetr_annotations/finetune_refcoco_train.json:1 ", problems);
        Assert.EndsWith("with data.skip_bad: true (--skip-bad).", problems);
        using ExpressionDataSet rest = Open(options => options with { SkipBad = true });
        Assert.InRange(rest.Splits[0].Expressions.Count, 7, 8);
        Assert.Single(rest.Notices, notice => notice.Contains("cannot be used and ") && notice.Contains("left out; the first is mdetr_annotations/finetune_refcoco_train.json:1 "));
    }

    /// <summary>Of such a one nothing but its own place is said.</summary>
    [Fact]
    public void AnExpressionWithoutPictureIsOneProblem()
    {
        Change("train", root => Image(root)["file_name"] = "nowhere.jpg");
        Assert.Contains("has 1 problem:", Problems());
    }

    [Fact]
    public void SpansAreNotNeededToMeasure()
    {
        Change("testA", root => root["annotations"]!.AsArray().ToList().ForEach(annotation => annotation!.AsObject().Remove("tokens_positive")));
        using ExpressionDataSet set = Open();
        Assert.Equal(18, set.Splits[2].Expressions.Count);
    }

    [Fact]
    public void ABoxThatReachesOutIsCut()
    {
        Change("train", root =>
        {
            root["annotations"]![0]!["bbox"] = new JsonArray(-0.5, 10.0, 20.0, 20.0);
            Annotation(root)["bbox"] = new JsonArray(40.0, 10.0, 40.0, 20.0);
        });
        using ExpressionDataSet set = Open();
        Assert.Equal("0.0 10.0 19.5 30.0", set.Splits[0].Expressions[0].Box.ToString());
        Assert.Equal("40.0 10.0 64.0 30.0", set.Splits[0].Expressions[1].Box.ToString());
        Assert.Equal(["1 box reaches out of the picture by more than a pixel and is cut."], set.Notices);
    }

    [Fact]
    public void AnEmptyPictureIsNamed()
    {
        string picture = Path.Combine(GroundingSample.PicturesIn(_data), "COCO_train2014_000000000001.jpg");
        File.WriteAllBytes(picture, []);
        Assert.Contains("the picture data/coco2014/images/train2014/COCO_train2014_000000000001.jpg of the expression 70013 is empty (0 bytes)", Problems());
    }

    [Theory]
    [InlineData("{\"images\": [\n{\"id\": 1},\n{\"id\"", "finetune_refcoco_train.json:3: is not valid JSON (byte ")]
    [InlineData("[1]", "finetune_refcoco_train.json: has no images and no annotations; expected an object with the lists images and annotations")]
    [InlineData("{\"images\": 1, \"annotations\": []}", "finetune_refcoco_train.json: has no images and no annotations; expected")]
    [InlineData("{\"images\": [{\"id\": 1}]}", "finetune_refcoco_train.json: has no annotations; expected")]
    [InlineData("{\"images\": [{\"id\": 1}], \"annotations\": [{}]}", "train: there is no expression to train on")]
    [InlineData("", "finetune_refcoco_train.json: is empty (0 bytes)")]
    public void ABrokenFileIsSaidWithItsLine(string json, string sentence)
    {
        File.WriteAllText(File_("train"), json);
        Assert.Contains(sentence, Problems(options => options with { SkipBad = true }));
    }

    private static JsonNode Image(JsonNode root) => root["images"]![1]!;

    private static JsonNode Annotation(JsonNode root) => root["annotations"]![1]!;

    private string File_(string split) => GroundingSample.AnnotationsIn(_data, "refcoco", split);

    private void Change(string split, Action<JsonNode> change)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(File_(split)))!;
        change(root);
        File.WriteAllText(File_(split), root.ToJsonString());
    }

    private ExpressionDataSet Open(Func<GroundingDataOptions, GroundingDataOptions>? more = null)
    {
        var options = new GroundingDataOptions { Path = _data };
        return ExpressionDataSet.Open(more?.Invoke(options) ?? options);
    }

    private string Problems(Func<GroundingDataOptions, GroundingDataOptions>? more = null) => Assert.Throws<DataSetException>(() => Open(more)).Message;
}
