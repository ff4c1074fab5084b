using System.Text;

namespace UniPT.Backbones.Unicode;

/// <summary>Text as code points; a lone surrogate is one code point of its own value.</summary>
internal static class CodePoints
{
    public static int[] Of(string text)
    {
        var codes = new List<int>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            codes.Add(isPair ? char.ConvertToUtf32(text[i], text[++i]) : text[i]);
        }

        return [.. codes];
    }

    public static void Append(StringBuilder text, int code)
    {
        if (code <= char.MaxValue)
        {
            text.Append((char)code);
        }
        else
        {
            text.Append(char.ConvertFromUtf32(code));
        }
    }
}
