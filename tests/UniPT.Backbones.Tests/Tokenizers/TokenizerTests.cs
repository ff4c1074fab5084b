using FsCheck;
using FsCheck.Fluent;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Tokenizers;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Tokenizers;

/// <summary>What holds for every tokenizer.</summary>
public sealed class TokenizerTests
{
    private static readonly Dictionary<string, Tokenizer> All = new()
    {
        ["bert"] = BackboneRegistry.OpenTokenizer("bert", Vocabularies.Bert),
        ["roberta"] = BackboneRegistry.OpenTokenizer("roberta", Vocabularies.RobertaTiny),
        ["clip_text"] = BackboneRegistry.OpenTokenizer("clip_text", Vocabularies.Clip),
        ["t5"] = BackboneRegistry.OpenTokenizer("t5", Vocabularies.T5Tiny),
        ["use_lite"] = BackboneRegistry.OpenTokenizer("use_lite", Path.Combine(RepositoryPaths.Models, "use_lite.vocab.json")),
    };

    /// <summary>Pieces of text in which something may go wrong, half surrogate pairs among them.</summary>
    private static readonly Gen<string> Texts = Gen.Elements(
            "a", "Σ", "é", "e\u0301", "Ã", "\u00A9", "â€™", " ", "  ", "\r\n", "\0", "\uD83D", "\uDE00", "\U0001F600", "\uFFFE", "&amp;", "&#0;", "&#x110000;", "&", "<",
            "'s", "[MASK]", "<|endoftext|>", "</s>", "\uFB01", "\u0085", "\x1B[0m", "漢", "12", "\uFFFD", "\u2028", "İ")
        .ListOf().Select(parts => string.Concat(parts));

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AnyTextHasIdsOfTheVocabulary(string name) => Prop.ForAll(
        Texts.ToArbitrary(),
        text => All[name].Encode(text) is var ids && ids.Length >= All[name].Fewest && ids.All(id => id >= 0 && id < All[name].VocabularySize)).QuickCheckThrowOnFailure();

    /// <summary>The same ids, and every character but spaces in order.</summary>
    [Fact]
    public void PlacedTokensOfRobertaCoverAnyText() => Prop.ForAll(
        Texts.ToArbitrary(),
        text =>
        {
            IReadOnlyList<PlacedToken> tokens = ((RobertaTokenizer)All["roberta"]).EncodePlaced(text);
            IEnumerable<int> covered = tokens.SelectMany(token => Enumerable.Range(token.Start, token.End - token.Start)).Distinct();
            return tokens.Select(token => token.Id).SequenceEqual(All["roberta"].Encode(text))
                && covered.SequenceEqual(Enumerable.Range(0, text.Length).Where(i => text[i] != ' '));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Names))]
    public void ACutTextKeepsItsBeginningAndItsEnd(string name) => Prop.ForAll(
        Texts.ToArbitrary(),
        Gen.Choose(2, 12).ToArbitrary(),
        (text, most) =>
        {
            int[] all = All[name].Encode(text);
            (int[] ids, bool isCut) = All[name].Encode(text, most);
            int closing = Math.Min(1, All[name].Fewest);
            return isCut == all.Length > most
                && ids.Length == Math.Min(all.Length, most)
                && ids[..^closing].SequenceEqual(all[..(ids.Length - closing)])
                && ids[^closing..].SequenceEqual(all[^closing..]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void NoRoomForTheSpecialTokensIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => All["bert"].Encode("a", 1));

    [Theory]
    [InlineData("bert", "tokenizer.json or vocab.txt")]
    [InlineData("roberta", "tokenizer.json or vocab.json")]
    [InlineData("clip_text", "bpe_simple_vocab_16e6.txt.gz")]
    [InlineData("t5", "spiece.model in it")]
    public void AFolderWithoutAVocabularyIsRefused(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<UserException>(() => BackboneRegistry.OpenTokenizer(name, folder.FullName));
        Assert.Contains($"The folder {folder.FullName} has no vocabulary for {name}; expected ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void AVocabularyThatIsALinkOutOfTheHubCacheIsRefused()
    {
        using var folder = new TemporaryFolder();
        string snapshot = Directory.CreateDirectory(Path.Combine(folder.FullName, "hub", "models--org--name", "snapshots", "abc")).FullName;
        File.Copy(Vocabularies.Bert, folder.File("outside.txt"));
        File.CreateSymbolicLink(Path.Combine(snapshot, "vocab.txt"), folder.File("outside.txt"));
        UserException error = Assert.Throws<UserException>(() => BackboneRegistry.OpenTokenizer("bert", snapshot));
        Assert.Contains($"is a symbolic link to {folder.File("outside.txt")}, outside of the hub cache's folder", error.Message);
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("clip_text")]
    public void AMissingFileIsNamed(string name)
    {
        using var folder = new TemporaryFolder();
        foreach (string file in new[] { "nothing.txt", "nothing.json" })
        {
            Assert.Contains(folder.File(file), Assert.Throws<UserException>(() => BackboneRegistry.OpenTokenizer(name, folder.File(file))).Message);
        }
    }

    [Theory]
    [InlineData("bert", """{"model": {"type": "Unigram", "vocab": []}}""", "whose model.type is Unigram; bert is trained with WordPiece")]
    [InlineData("roberta", """{"model": {"type": "WordPiece", "vocab": {}}}""", "whose model.type is WordPiece; roberta is trained with BPE")]
    [InlineData("clip_text", """{"model": {"vocab": {}}}""", "whose model.type is missing; clip_text is trained with BPE")]
    [InlineData("clip_text", """{"model": {"type": "BPE", "vocab": {}, "merges": []}}""", "whose model.end_of_word_suffix is missing; clip_text is trained with </w>")]
    [InlineData("roberta", """{"model": {"type": "BPE", "end_of_word_suffix": "</w>"}}""", "whose model.end_of_word_suffix is </w>; roberta is trained with ")]
    [InlineData("roberta", """{"model": {"type": "BPE"}, "pre_tokenizer": {"type": "Metaspace"}}""", "whose pre_tokenizer.type is Metaspace")]
    [InlineData("bert", """{"model": {"type": "WordPiece"}, "normalizer": {"type": "NFC"}}""", "whose normalizer.type is NFC")]
    [InlineData("bert", "[1]", "must be a JSON object, found Array")]
    [InlineData("bert", """{"model": {"type": "Word""", "is not a JSON file, or not a whole one")]
    [InlineData("roberta", "", "is not a JSON file, or not a whole one")]
    [InlineData("roberta", """{"a": 0, "a": 1}""", "every piece must have one whole number as its id, found \"a\"")]
    [InlineData("roberta", """{"a": 1.5}""", "every piece must have one whole number as its id")]
    [InlineData("roberta", """{"a": 7}""", "must be 0, 1, 2, …")]
    public void ATokenizerOfAnotherKindIsRefused(string name, string json, string reason)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("tokenizer.json");
        File.WriteAllText(file, json);
        File.Copy(Path.Combine(Vocabularies.RobertaTiny, "merges.txt"), folder.File("merges.txt"));

        string message = Assert.Throws<UserException>(() => BackboneRegistry.OpenTokenizer(name, folder.FullName)).Message;
        Assert.Contains(reason, message);
        Assert.Contains(file, message);
    }
}
