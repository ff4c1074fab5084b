using UniPT.Testing;

namespace UniPT.Backbones.Tests.Tokenizers;

internal static class Vocabularies
{
    internal static string Bert => Fixture("bert-base-uncased.vocab.txt.gz");

    internal static string RobertaTiny => Fixture("roberta-tiny");

    internal static string ClipTiny => Fixture("clip-tiny");

    internal static string T5Tiny => Fixture("t5-tiny");

    internal static string Clip => Path.Combine(RepositoryPaths.Models, "bpe_simple_vocab_16e6.txt.gz");

    private static string Fixture(string name) => Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "tokenizers", name);
}
