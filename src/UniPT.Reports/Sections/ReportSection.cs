using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using UniPT.Reports.Figures;
using UniPT.Reports.Html;

namespace UniPT.Reports.Sections;

/// <summary>
/// What a task adds to a report, made of the parts in this file. All text in them is shown as text: markup in it is escaped, and nothing is
/// loaded from elsewhere.
/// </summary>
/// <param name="Id">Its name inside the page, unique there: small letters, digits and <c>-</c>, a letter first.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Content">What it shows, from top to bottom.</param>
/// <exception cref="ArgumentException"><paramref name="Id"/> has another form.</exception>
public sealed partial record ReportSection(string Id, string Title, IReadOnlyList<ReportPart> Content)
{
    /// <summary>Its name inside the page.</summary>
    public string Id { get; init; } = Name().IsMatch(Id)
        ? Id
        : throw new ArgumentException($"The id of a section is \"{Id}\"; expected small letters, digits and -, a letter first.", nameof(Id));

    internal XElement Render() => Markup.Section(Id, Title, Content.Select(part => part.Render()));

    [GeneratedRegex(@"\A[a-z][a-z0-9-]*\z")]
    private static partial Regex Name();
}

/// <summary>A part of a section.</summary>
[JsonDerivedType(typeof(Paragraph), "paragraph")]
[JsonDerivedType(typeof(Block), "block")]
[JsonDerivedType(typeof(SinglePicture), "picture")]
[JsonDerivedType(typeof(Gallery), "gallery")]
public abstract record ReportPart
{
    private protected ReportPart()
    {
    }

    internal abstract XElement Render();
}

/// <summary>Words of a sentence. Those that are the report's own are made of a string by themselves.</summary>
/// <param name="Words">The words.</param>
/// <param name="IsQuoted">Whether users or their data wrote them: they may run from right to left and must not reorder what is around them.</param>
public sealed record ReportText(string Words, bool IsQuoted = false)
{
    /// <summary>The report's own words.</summary>
    public static implicit operator ReportText(string words) => new(words);

    /// <summary>Words that users or their data wrote.</summary>
    public static ReportText Quote(string words) => new(words, IsQuoted: true);

    internal object Render() => IsQuoted ? Markup.Foreign(Words) : Words;
}

/// <summary>A paragraph.</summary>
/// <param name="Text">Its text, piece by piece.</param>
/// <param name="IsAside">Whether it only helps to read what is beside it, and is shown less strongly.</param>
public sealed record Paragraph(IReadOnlyList<ReportText> Text, bool IsAside = false) : ReportPart
{
    internal override XElement Render() => new("p", IsAside ? Markup.Class("hint") : null, Text.Select(text => text.Render()));
}

/// <summary>Parts under a heading of their own.</summary>
/// <param name="Heading">The heading, piece by piece; a long one is cut.</param>
/// <param name="Content">What stands below it.</param>
public sealed record Block(IReadOnlyList<ReportText> Heading, IReadOnlyList<ReportPart> Content) : ReportPart
{
    internal override XElement Render() => new(
        "article",
        Markup.Class("block"),
        new XElement("h3", Heading.Select(text => text.Render())),
        Content.Select(part => part.Render()));
}

/// <summary>A small picture.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Description">What it is, for readers who do not see it.</param>
public sealed record SinglePicture(Picture Picture, string Description) : ReportPart
{
    internal override XElement Render() => new("div", Markup.Class("single"), Markup.Image(Picture, Description));
}

/// <summary>Numbered pictures side by side.</summary>
/// <param name="Items">The pictures, the first one first.</param>
public sealed record Gallery(IReadOnlyList<GalleryItem> Items) : ReportPart
{
    internal override XElement Render() => new("ol", Markup.Class("gallery"), Items.Select((item, index) => item.Render(index + 1)));
}

/// <summary>A picture of a gallery.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Text">What its data say of it; its name stands where that is empty.</param>
/// <param name="Value">A figure of it, beside its number; null for none.</param>
/// <param name="ValueMeaning">What the figure is, such as <c>Cosine similarity</c>.</param>
/// <param name="Mark">What sets it apart from others, such as <c>right answer</c>; null for nothing.</param>
public sealed record GalleryItem(Picture Picture, string Text, string? Value = null, string? ValueMeaning = null, string? Mark = null)
{
    internal XElement Render(int number)
    {
        string text = Text.Length > 0 ? Text : Picture.Name;
        return new XElement(
            "li",
            Mark is null ? null : Markup.Class("right"),
            Markup.Image(Picture, text),
            new XElement(
                "p",
                Markup.Class("rank"),
                new XElement("span", number),
                Value is null ? null : new XElement("span", Markup.Class("hint"), ValueMeaning is null ? null : new XAttribute("title", ValueMeaning), Value)),
            Mark is null ? null : new XElement("p", Markup.Class("mark"), $"✓ {Mark}"),
            Markup.Foreign(text, "p"));
    }
}
