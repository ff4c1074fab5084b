using System.Text;
using UniPT.Torch;

namespace UniPT.Backbones.Unicode;

/// <summary>Unicode normalisation forms (Unicode Standard Annex 15), by ICU.</summary>
/// <remarks>
/// Characters that are younger than Unicode 14 are normalised as far as the machine's ICU knows them; for all others
/// every version gives the same.
/// </remarks>
internal static class NormalForm
{
    /// <summary>The text in a form; what is no character (a lone surrogate) stays as it is.</summary>
    /// <exception cref="UserException">The process runs without ICU and the text is not ASCII.</exception>
    public static string Of(string text, NormalizationForm form)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        if (!Machine.HasIcu)
        {
            throw new UserException(
                "Text that is not ASCII needs ICU to be tokenized, and this process runs without it: unset "
                + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT and do not build with InvariantGlobalization.");
        }

        // string.Normalize throws on these. They combine with nothing, so the text between them can go alone.
        var result = new StringBuilder(text.Length);
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || text[i] == '\uFFFE')
            {
                result.Append(text[start..i].Normalize(form)).Append(text[i]);
                start = i + 1;
            }
        }

        return result.Append(text[start..].Normalize(form)).ToString();
    }
}
