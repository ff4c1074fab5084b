using UniPT.Training.Recipes;

namespace UniPT.Tasks.Grounding.Data;

/// <summary>A data set of referring expressions; all three are on pictures of MS-COCO's train2014.</summary>
public enum ReferringDataSet
{
    /// <summary>RefCOCO (UNC's splits).</summary>
    Refcoco,

    /// <summary>RefCOCO+ (UNC's splits), whose expressions say nothing of places.</summary>
    RefcocoPlus,

    /// <summary>RefCOCOg (UMD's splits), whose expressions are longer.</summary>
    Refcocog,
}

/// <summary>Which test split of data sets that have two is measured.</summary>
public enum TestPart
{
    /// <summary>Both together, with precision@1 of each beside it.</summary>
    Both,

    /// <summary>testA: people.</summary>
    TestA,

    /// <summary>testB: other things.</summary>
    TestB,
}

/// <summary>
/// RefCOCO, RefCOCO+ and RefCOCOg in MDETR's COCO-like JSON: <c>finetune_refcoco_train.json</c> and so on in a folder, with the pictures of MS-COCO's train2014; and how these are
/// resized.
/// </summary>
public sealed record GroundingDataOptions : DataOptions
{
    /// <summary>Which of the data sets; null for all that are there.</summary>
    public ReferringDataSet? Dataset { get; init; }

    /// <summary>Which test split of RefCOCO and RefCOCO+, which have two; RefCOCOg has one.</summary>
    public TestPart Test { get; init; } = TestPart.Both;

    /// <summary>A folder or zip with the pictures; null where they lie below <c>path</c>, whatever the folders there are called.</summary>
    [OptionPath]
    public string? Images { get; init; }

    /// <summary>Shorter side in pixels to which pictures are resized in evaluation.</summary>
    [OptionRange(16, 8192)]
    public int Size { get; init; } = 800;

    /// <summary>Shorter sides of which one is drawn for every training picture.</summary>
    [OptionRange(16, 8192)]
    public OptionList<int> Sizes { get; init; } = [480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800];

    /// <summary>The longer side's limit; the shorter side is made less where it would be passed.</summary>
    [OptionRange(16, 8192)]
    public int MaxSide { get; init; } = 1333;

    /// <summary>Share of the training pictures of which a random part is taken, in which the box stays; 0 for none.</summary>
    [OptionRange(0, 1)]
    public double CropShare { get; init; } = 0.5;

    /// <summary>Shorter sides of which one is drawn before a part is taken.</summary>
    [OptionRange(16, 8192)]
    public OptionList<int> CropSizes { get; init; } = [400, 500, 600];

    /// <summary>Least width and height of such a part, in pixels of the resized picture.</summary>
    [OptionRange(1, 8192)]
    public int CropMin { get; init; } = 384;
}
