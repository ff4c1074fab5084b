namespace UniPT.Tasks.Grounding.Data;

/// <summary>A text that means one thing of a picture.</summary>
/// <param name="Id">Of the expression in its file, where it is an entry of <c>images</c>.</param>
/// <param name="File">The picture's file.</param>
/// <param name="Width">Of the picture, in pixels.</param>
/// <param name="Height">Of the picture.</param>
/// <param name="Text">The expression.</param>
/// <param name="Box">Of the thing, inside the picture.</param>
/// <param name="Spans">The characters that name the thing, the first one and the one behind the last, by code points; they may be unknown, none, outside of train.</param>
/// <param name="Set">The data set.</param>
/// <param name="Part"><c>testA</c> or <c>testB</c> of the test split; empty elsewhere.</param>
internal sealed record Expression(
    long Id, string File, int Width, int Height, string Text, PixelBox Box, IReadOnlyList<(int Start, int End)> Spans, ReferringDataSet Set, string Part);

/// <summary>The expressions of one split, in the order of their files.</summary>
/// <param name="Name"><c>train</c>, <c>val</c> or <c>test</c>.</param>
/// <param name="Expressions">May be none in val and test.</param>
/// <param name="Origins">The files that they are from.</param>
internal sealed record ExpressionSplit(string Name, IReadOnlyList<Expression> Expressions, IReadOnlyList<string> Origins)
{
    /// <summary>How many pictures they are on.</summary>
    public int Pictures { get; } = Expressions.Select(expression => expression.File).Distinct().Count();
}

/// <summary>What data sets are called.</summary>
internal static class ReferringNames
{
    /// <summary>As papers write it.</summary>
    internal static string Title(this ReferringDataSet set) => set switch
    {
        ReferringDataSet.Refcoco => "RefCOCO",
        ReferringDataSet.RefcocoPlus => "RefCOCO+",
        _ => "RefCOCOg",
    };

    /// <summary>As figures are called.</summary>
    internal static string Key(this ReferringDataSet set) => set == ReferringDataSet.RefcocoPlus ? "refcoco_plus" : set.FileName();

    /// <summary>As its files are called.</summary>
    internal static string FileName(this ReferringDataSet set) => set.Title().ToLowerInvariant();

    /// <summary>Whether its test split is in two parts.</summary>
    internal static bool HasTwoTests(this ReferringDataSet set) => set != ReferringDataSet.Refcocog;
}
