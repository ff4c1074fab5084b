using UniPT.Backbones.Media;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Shared.Search;

/// <summary>A model that puts texts and pictures into the space in which its task's data are searched.</summary>
internal interface ISearchingModel
{
    /// <summary>Unit vectors <c>[B, E]</c> of texts, in the current scope.</summary>
    /// <exception cref="UserException">A text has nothing in it.</exception>
    Tensor EmbedTexts(IReadOnlyList<string> texts);

    /// <summary>Unit vectors <c>[B, E]</c> of pictures, in the current scope.</summary>
    Tensor EmbedPictures(IReadOnlyList<RgbImage> pictures);

    /// <summary>A sentence for the user where a text is longer than the backbone reads; null elsewhere.</summary>
    string? CutNotice(string text);
}

/// <summary>Data whose examples are found by texts and by pictures.</summary>
internal interface ISearchedData
{
    /// <summary>What one of them is called, such as <c>picture</c>.</summary>
    string Noun { get; }

    /// <summary>The examples of a split, with what the data say of each.</summary>
    IReadOnlyList<SearchedItem> Items(string split);

    /// <summary>Unit vectors <c>[items, E]</c> of a split, whose dot products with those of a model are similarities, in the current scope.</summary>
    Tensor Embed(TaskModel model, string split, HiddenStateReader reader, CancellationToken cancellation);

    /// <summary>The file of a picture that shows an example.</summary>
    byte[] Show(string split, int item);
}

/// <summary>An example that can be found.</summary>
/// <param name="Name">Its name in the data.</param>
/// <param name="Captions">What the data say about it, at least one.</param>
internal sealed record SearchedItem(string Name, IReadOnlyList<string> Captions);
