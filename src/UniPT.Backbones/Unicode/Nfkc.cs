using System.Text;

namespace UniPT.Backbones.Unicode;

/// <summary>Unicode normalisation form KC (Unicode Standard Annex 15).</summary>
/// <remarks>
/// <see cref="string.Normalize(NormalizationForm)"/> returns its input when a process runs without ICU, as this
/// tool and many containers do, so a tokenizer that relied on it would give other ids in another host. It also
/// refuses lone surrogates; here they stay as they are.
/// </remarks>
internal static class Nfkc
{
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    private static readonly Lazy<NfkcData> Data = new(NfkcData.Load);

    public static string Normalize(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        NfkcData data = Data.Value;
        List<int> codes = Decompose(text, data);
        Order(codes, data);
        Compose(codes, data);
        var result = new StringBuilder(codes.Count);
        foreach (int code in codes)
        {
            CodePoints.Append(result, code);
        }

        return result.ToString();
    }

    private static List<int> Decompose(string text, NfkcData data)
    {
        var codes = new List<int>(text.Length);
        foreach (int code in CodePoints.Of(text))
        {
            int syllable = code - SyllableBase;
            if (syllable is >= 0 and < SyllableCount)
            {
                codes.Add(LeadBase + (syllable / (VowelCount * TrailCount)));
                codes.Add(VowelBase + (syllable / TrailCount % VowelCount));
                if (syllable % TrailCount != 0)
                {
                    codes.Add(TrailBase + (syllable % TrailCount));
                }
            }
            else if (data.Decomposition(code) is { } mapped)
            {
                codes.AddRange(mapped);
            }
            else
            {
                codes.Add(code);
            }
        }

        return codes;
    }

    /// <summary>Sorts each run of non-starters by combining class, equal classes in their order.</summary>
    private static void Order(List<int> codes, NfkcData data)
    {
        int start = 0;
        while (start < codes.Count)
        {
            int end = start;
            while (end < codes.Count && data.CombiningClass(codes[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                // A stable sort, so that thousands of marks on one letter stay cheap.
                int[] ordered = [.. codes[start..end].OrderBy(data.CombiningClass)];
                for (int i = 0; i < ordered.Length; i++)
                {
                    codes[start + i] = ordered[i];
                }
            }

            start = end + 1;
        }
    }

    private static void Compose(List<int> codes, NfkcData data)
    {
        int written = 0;
        int starter = -1;
        int lastClass = 0;
        for (int i = 0; i < codes.Count; i++)
        {
            int code = codes[i];
            int combiningClass = data.CombiningClass(code);
            bool adjacent = starter == written - 1;
            if (starter >= 0 && (adjacent || (lastClass != 0 && lastClass < combiningClass))
                && TryCompose(codes[starter], code, data, out int composed))
            {
                codes[starter] = composed;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = written;
            }

            lastClass = combiningClass;
            codes[written++] = code;
        }

        codes.RemoveRange(written, codes.Count - written);
    }

    private static bool TryCompose(int first, int second, NfkcData data, out int composed)
    {
        int lead = first - LeadBase;
        int vowel = second - VowelBase;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            composed = SyllableBase + (((lead * VowelCount) + vowel) * TrailCount);
            return true;
        }

        int syllable = first - SyllableBase;
        int trail = second - TrailBase;
        if (syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
        {
            composed = first + trail;
            return true;
        }

        return data.TryCompose(first, second, out composed);
    }
}
