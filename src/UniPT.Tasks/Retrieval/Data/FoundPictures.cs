using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>A picture of a data set as it was found.</summary>
/// <param name="Path">Its file; of one that is only known by its regions the name that it would have.</param>
/// <param name="Captions">At least one; none blank.</param>
/// <param name="Split">0 train, 1 val, 2 test; null: nothing says.</param>
/// <param name="Source">What says so: a folder, a table.</param>
internal sealed record FoundPicture(string Path, IReadOnlyList<string> Captions, int? Split, string? Source)
{
    /// <inheritdoc cref="CaptionedImage.Id"/>
    internal string? Id { get; init; }

    /// <inheritdoc cref="CaptionedImage.CaptionIds"/>
    internal IReadOnlyList<string>? CaptionIds { get; init; }

    /// <inheritdoc cref="CaptionedImage.Row"/>
    internal int Row { get; init; }
}

/// <summary>What is in a data set.</summary>
/// <param name="Pictures">All with captions, in an order that does not depend on the file system.</param>
/// <param name="HasSplits">Whether folders, tables or entries divide them.</param>
/// <param name="Outside">Pictures that lie in no split where others do.</param>
internal sealed record FoundPictures(IReadOnlyList<FoundPicture> Pictures, bool HasSplits, IReadOnlyList<string> Outside)
{
    /// <summary>How a sentence names a published format, such as <c>in VSE∞'s layout</c>; null for folders and tables.</summary>
    internal string? Format { get; init; }

    /// <summary>Where the pictures are; null for where the data set is.</summary>
    internal DataSetFiles? Files { get; init; }

    /// <summary>What a user should know of what was read, a sentence each.</summary>
    internal IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Precomputed regions of train, val and test, in the place of pictures; empty where there are pictures. The caller closes them.</summary>
    internal IReadOnlyList<RegionRows?> Regions { get; init; } = [];
}
