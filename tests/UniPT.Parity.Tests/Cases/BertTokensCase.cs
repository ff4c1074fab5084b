using UniPT.Testing;

namespace UniPT.Parity.Tests.Cases;

internal sealed class BertTokensCase() : TokensCase("bert", Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "tokenizers", "bert-base-uncased.vocab.txt.gz"), special: 0)
{
    public override string Name => "minilm-tokens";
}
