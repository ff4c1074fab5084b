using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Tests.Shared.DataSets;

namespace UniPT.Tasks.Tests.Retrieval.Data;

/// <summary>A user's splits are used wherever they are and however they are marked; else it is said what was seen.</summary>
public class DataSetLayoutTests
{
    [Theory]
    [InlineData("train/", "val/", "test/")]
    [InlineData("photos/train/", "photos/val/", "photos/test/")]
    [InlineData("a/b/Training/", "a/b/Valid/", "a/b/Testing/")]
    [InlineData("train2014/", "val2014/", "test2014/")]
    [InlineData("images/train_images/", "images/dev-images/", "images/test-set/")]
    [InlineData("trainset/", "validationset/", "TestData/")]
    [InlineData("coco_train/", "coco_val/", "coco_test/")]
    [InlineData("1_train/", "2_val/", "3_test/")]
    [InlineData("train/train/", "train/val/", "train/test/")]
    [InlineData("train/images/", "val/images/", "test/images/")]
    [InlineData("x/train/", "y/val/", "y/test/")]
    public void MarkedFoldersAreTheSplits(string train, string val, string test)
    {
        using var set = TemporaryDataSet.Of(("README.md", "about"), ("desktop.ini", "x"), ("photos/Thumbs.db", "x"));
        foreach (string folder in (string[])[train, val, test])
        {
            Fill(set, folder, 3);
        }

        using ImageCaptionDataSet data = set.Open();
        Assert.Equal([3, 3, 3], Counts(data));
        string Outer(string folder) => folder.EndsWith("/images/") ? folder[..^7] : folder;
        Assert.Equal([Outer(train), Outer(val), Outer(test)], [data.Train.Origin, data.Val.Origin, data.Test.Origin]);
        Assert.Empty(data.Notices);
    }

    /// <summary>Words of splits that mean something else.</summary>
    [Theory]
    [InlineData("bus", "train station")]
    [InlineData("contest", "latest")]
    [InlineData("valley", "device")]
    public void OtherFoldersAreNoSplits(string first, string second)
    {
        using var set = TemporaryDataSet.Of();
        Fill(set, $"{first}/", 10);
        Fill(set, $"{second}/", 10);
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal([16, 2, 2], Counts(data));
        Assert.StartsWith("80 % of the pictures", data.Train.Origin);
    }

    [Fact]
    public void SplitsOfSeveralFoldersAreJoined()
    {
        using var set = TemporaryDataSet.Of();
        foreach (string folder in (string[])["cats/train/", "dogs/train/", "cats/test/", "dogs/test/", "dogs/val/"])
        {
            Fill(set, folder, 2);
        }

        using ImageCaptionDataSet data = set.Open();
        Assert.Equal([4, 2, 4], Counts(data));
        Assert.Equal("cats/train/ and dogs/train/", data.Train.Origin);
        Assert.Equal("cats/train/0.png", data.Train.Images[0].Name);
        Assert.Equal("0.png", data.Val.Images[0].Name);
        Assert.Equal("picture dogs/train/1", System.Text.Encoding.UTF8.GetString(data.Train.ReadImage(3)));
    }

    [Fact]
    public void AFolderThatIsTwoSplitsIsRefused()
    {
        using var set = TemporaryDataSet.Of();
        Fill(set, "train_test/", 2);
        Fill(set, "val/", 2);
        Assert.Equal("train_test/: is named as two splits at once; name it train, val or test", set.Problems()[1]);
    }

    /// <summary>Never are pictures pooled that lie in folders like splits.</summary>
    [Fact]
    public void SplitsWithoutOneToTrainOnAreRefused()
    {
        using var set = TemporaryDataSet.Of();
        Fill(set, "photos/val/", 5);
        Fill(set, "photos/test/", 5);
        Fill(set, "photos/", 5);
        Assert.Equal(["Data set SET has 1 problem:", "train: there is no usable image to train on; the splits found are val from photos/val/ and test from photos/test/"], set.Problems());
    }

    [Fact]
    public void PicturesOutsideAreCounted()
    {
        using var set = TemporaryDataSet.Of();
        foreach (string folder in (string[])["p/train/", "p/val/", "p/test/", "p/", ""])
        {
            Fill(set, folder, 4);
        }

        using ImageCaptionDataSet data = set.Open();
        Assert.Equal([4, 4, 4], Counts(data));
        Assert.Equal("8 pictures of set lie outside of its splits and are not used: 0.png, 1.png, 2.png, ….", Assert.Single(data.Notices));
    }

    [Theory]
    [InlineData(20, 18, 2)]
    [InlineData(2, 1, 1)]
    public void WithoutValATenthOfTrainIsHeldOut(int pictures, int train, int held)
    {
        using var set = TemporaryDataSet.Of();
        Fill(set, "train/", pictures);
        Fill(set, "test/", 3);
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal([train, held, 3], Counts(data));
        Assert.Empty(data.Train.Images.Select(image => image.Name).Intersect(data.Val.Images.Select(image => image.Name)));
        Assert.Equal($"set has no pictures for val; {held} of train are held out for it, always the same.", Assert.Single(data.Notices));
        Assert.Equal("a tenth of train/, by a hash of the names", data.Val.Origin);
        using ImageCaptionDataSet again = set.Open();
        Assert.Equal(data.Val.Images.Select(image => image.Name), again.Val.Images.Select(image => image.Name));
    }

    [Fact]
    public void TrainAloneIsReportedOnWhatIsHeldOut()
    {
        using var set = TemporaryDataSet.Of();
        Fill(set, "train/", 20);
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal([18, 2, 0], Counts(data));
        Assert.Equal(2, data.Notices.Count);
        Assert.Contains("no pictures for test; figures are those of val", data.Notices[1]);
    }

    [Fact]
    public void PicturesInTwoSplitsAreCounted()
    {
        using var set = TemporaryDataSet.Of();
        foreach (string folder in (string[])["train/", "val/", "test/"])
        {
            Fill(set, folder, 3);
        }

        set.Write("train/0.png", "same"u8.ToArray());
        set.Write("train/1.png", "same"u8.ToArray());
        set.Write("test/1.png", "same"u8.ToArray());
        set.Write("test/2.png", "same"u8.ToArray());
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(
            "2 pictures of set are in another split too, such as test/1.png, which is train/0.png as well; figures of pictures that were trained on are too high.",
            Assert.Single(data.Notices));
    }

    [Fact]
    public void CaptionsOfManyPicturesAreCounted()
    {
        using var set = TemporaryDataSet.Of();
        foreach (string folder in (string[])["train/", "val/", "test/"])
        {
            Fill(set, folder, 4);
            for (int i = 0; i < 4; i++)
            {
                set.Write($"{folder}{i}.txt", "a picture"u8.ToArray());
            }
        }

        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(
            [
                "4 of the 4 captions in train of set are said of more than one picture (there are 1 different ones).",
                "4 of the 4 captions in val of set are said of more than one picture (there are 1 different ones); recall at 1 from text to image cannot exceed 25.0 %.",
                "4 of the 4 captions in test of set are said of more than one picture (there are 1 different ones); recall at 1 from text to image cannot exceed 25.0 %.",
            ],
            data.Notices);
    }

    private static void Fill(TemporaryDataSet set, string folder, int count)
    {
        for (int i = 0; i < count; i++)
        {
            set.Write($"{folder}{i}.png", System.Text.Encoding.UTF8.GetBytes($"picture {folder}{i}"));
            set.Write($"{folder}{i}.txt", System.Text.Encoding.UTF8.GetBytes($"caption {folder}{i}"));
        }
    }

    private static int[] Counts(ImageCaptionDataSet data) =>
        [data.Train.Images.Count, data.Val.Images.Count, data.Test.Images.Count];
}
