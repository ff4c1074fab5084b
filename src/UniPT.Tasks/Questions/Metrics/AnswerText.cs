using System.Text;

namespace UniPT.Tasks.Questions.Metrics;

/// <summary>
/// Answers as VQAv2's evaluation compares them (GT-Vision-Lab/VQA): without punctuation and articles, numbers up to ten as digits, contractions with their apostrophe. Its
/// oddities are kept: whether a mark is dropped or becomes a space depends on the spaces around it anywhere in the answer, and on whether a number has a comma.
/// </summary>
internal static class AnswerText
{
    private const string Marks = ";/[]\"{}()=+\\_-><@`,?!";
    private static readonly string[] Articles = ["a", "an", "the"];

    private static readonly Dictionary<string, string> Numbers = Pairs(
        "none 0", "zero 0", "one 1", "two 2", "three 3", "four 4", "five 5", "six 6", "seven 7", "eight 8", "nine 9", "ten 10");

    // Those of the evaluation that small letters can match: what people write, and what it becomes.
    private static readonly Dictionary<string, string> Contractions = Pairs(
        "aint ain't", "arent aren't", "cant can't", "couldve could've", "couldnt couldn't", "couldn'tve couldn't've", "couldnt've couldn't've", "didnt didn't", "doesnt doesn't",
        "dont don't", "hadnt hadn't", "hadnt've hadn't've", "hadn'tve hadn't've", "hasnt hasn't", "havent haven't", "hed he'd", "hed've he'd've", "he'dve he'd've", "hes he's",
        "howd how'd", "howll how'll", "hows how's", "isnt isn't", "itd it'd", "itd've it'd've", "it'dve it'd've", "itll it'll", "maam ma'am", "mightnt mightn't",
        "mightnt've mightn't've", "mightn'tve mightn't've", "mightve might've", "mustnt mustn't", "mustve must've", "neednt needn't", "notve not've", "oclock o'clock",
        "oughtnt oughtn't", "ow's'at 'ow's'at", "'ows'at 'ow's'at", "'ow'sat 'ow's'at", "shant shan't", "shed've she'd've", "she'dve she'd've", "shouldve should've",
        "shouldnt shouldn't", "shouldnt've shouldn't've", "shouldn'tve shouldn't've", "somebody'd somebodyd", "somebodyd've somebody'd've", "somebody'dve somebody'd've",
        "somebodyll somebody'll", "somebodys somebody's", "someoned someone'd", "someoned've someone'd've", "someone'dve someone'd've", "someonell someone'll",
        "someones someone's", "somethingd something'd", "somethingd've something'd've", "something'dve something'd've", "somethingll something'll", "thats that's",
        "thered there'd", "thered've there'd've", "there'dve there'd've", "therere there're", "theres there's", "theyd they'd", "theyd've they'd've", "they'dve they'd've",
        "theyll they'll", "theyre they're", "theyve they've", "twas 'twas", "wasnt wasn't", "wed've we'd've", "we'dve we'd've", "weve we've", "werent weren't",
        "whatll what'll", "whatre what're", "whats what's", "whatve what've", "whens when's", "whered where'd", "wheres where's", "whereve where've", "whod who'd",
        "whod've who'd've", "who'dve who'd've", "wholl who'll", "whos who's", "whove who've", "whyll why'll", "whyre why're", "whys why's", "wont won't", "wouldve would've",
        "wouldnt wouldn't", "wouldnt've wouldn't've", "wouldn'tve wouldn't've", "yall y'all", "yall'll y'all'll", "y'allll y'all'll", "yall'd've y'all'd've",
        "y'alld've y'all'd've", "y'all'dve y'all'd've", "youd you'd", "youd've you'd've", "you'dve you'd've", "youll you'll", "youre you're", "youve you've");

    /// <summary>On one line, without spaces around it.</summary>
    internal static string OneLine(string answer) => answer.Replace('\n', ' ').Replace('\t', ' ').Trim();

    /// <summary>As the evaluation compares it.</summary>
    internal static string Normal(string answer)
    {
        IEnumerable<string> words = WithoutMarks(OneLine(answer)).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => Numbers.GetValueOrDefault(word, word)).Where(word => !Articles.Contains(word)).Select(word => Contractions.GetValueOrDefault(word, word));
        return string.Join(' ', words);
    }

    /// <summary>As the table of answers has it: the same without commas.</summary>
    internal static string ForTable(string answer) => Normal(answer).Replace(",", "", StringComparison.Ordinal);

    private static Dictionary<string, string> Pairs(params string[] pairs) =>
        pairs.Select(pair => pair.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static string WithoutMarks(string text)
    {
        if (!text.Contains('.') && text.AsSpan().IndexOfAny(Marks) < 0)
        {
            return text;
        }

        bool hasNumber = Enumerable.Range(1, Math.Max(0, text.Length - 2)).Any(i => text[i] == ',' && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]));
        var kept = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            if (!Marks.Contains(letter))
            {
                kept.Append(letter);
            }
            else if (!hasNumber && !text.Contains($"{letter} ", StringComparison.Ordinal) && !text.Contains($" {letter}", StringComparison.Ordinal))
            {
                kept.Append(' ');
            }
        }

        // A point that no digit follows.
        for (int i = kept.Length - 1; i >= 0; i--)
        {
            if (kept[i] == '.' && !(i + 1 < kept.Length && char.IsAsciiDigit(kept[i + 1])))
            {
                kept.Remove(i, 1);
            }
        }

        return kept.ToString();
    }
}
