using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Tests.Shared.DataSets;

namespace UniPT.Tasks.Tests.Retrieval.Data;

public sealed class CrisscrossedTests
{
    private static readonly (string Name, string Text)[] Files =
    [
        ("precomp/train_caps.txt", "t1\nt2\nt3\nt4\nt5\n"),
        ("precomp/train_ids.txt", "1\n"),
        ("precomp/testall_caps.txt", "a1\na2\nb1\n"),
        ("precomp/testall_ids.txt", "10\n10\n20\n"),
        ("id_mapping.json", """{"1": "t.jpg", "10": "a.jpg", "20": "b.jpg"}"""),
        ("images/t.jpg", "t"),
        ("images/a.jpg", "a"),
        ("images/b.jpg", "b"),
        ("cxc_annots/testall_capids.txt", "101\n102\n201\n"),
        ("precomp/cxc_it.json", """{"i2t": {"10": [[101, 5], [999, 5], ["201", 4.5]], "20": [[201, 5]]}, "t2i": {"101": [[10, 5]], "102": [[10, 5], [20, 3.1]], "201": []}}"""),
        ("precomp/cxc_i2i.json", """{"10": [[20, 2.5], [33, 5]], "20": [[10, 2.4]]}"""),
        ("precomp/cxc_t2t.json", """{"101": [[201, 3.0]], "102": [[201, 2.9]], "201": []}"""),
    ];

    [Fact]
    public void RightAnswersAreThoseOfTheSplitFromTheThresholdOn()
    {
        using var set = TemporaryDataSet.Of(Files);
        using ImageCaptionDataSet data = set.Open();
        Crisscrossed further = data.Crisscrossed!;
        Assert.Equal([[0, 2], [2]], further.ImageToText!);
        Assert.Equal([[0], [0, 1], []], further.TextToImage!);
        Assert.Equal([[1], []], further.ImageToImage!);
        Assert.Equal([[2, 1], [0], []], further.TextToText!); // with the other captions of the same picture
    }

    [Fact]
    public void WithoutIdsOfCaptionsOnlyPicturesFindPictures()
    {
        using var set = TemporaryDataSet.Of([.. Files.Where(file => !file.Name.EndsWith("capids.txt", StringComparison.Ordinal))]);
        using ImageCaptionDataSet data = set.Open();
        Assert.NotNull(data.Crisscrossed!.ImageToImage);
        Assert.Null(data.Crisscrossed.TextToText);
        Assert.Contains("Crisscrossed Captions are measured from picture to picture only: testall_capids.txt, the ids of the captions, does not exist.", data.Notices);
    }

    [Theory]
    [InlineData("precomp/cxc_i2i.json", "{\"10\": [],\n\"20\" 3}", "precomp/cxc_i2i.json:2: is not valid JSON (byte 6)")]
    [InlineData("precomp/cxc_i2i.json", "{\"10\": []}", "precomp/cxc_i2i.json: has no entry for the id 20")]
    [InlineData("precomp/cxc_i2i.json", "[]", "precomp/cxc_i2i.json: is not a JSON object of ids")]
    [InlineData("precomp/cxc_it.json", "{\"i2t\": {\"10\": [], \"20\": []}}", "precomp/cxc_it.json: has no t2i")]
    [InlineData("precomp/cxc_t2t.json", "", "precomp/cxc_t2t.json: is empty (0 bytes)")]
    [InlineData("cxc_annots/testall_capids.txt", "101\n", "cxc_annots/testall_capids.txt: has 1 ids; expected 3, one for every caption of precomp/testall_caps.txt")]
    public void EveryProblemIsNamed(string file, string text, string problem)
    {
        using var set = TemporaryDataSet.Of([.. Files.Where(one => one.Name != file), (file, text)]);
        Assert.Contains(problem, set.Problems());
    }
}
