using UniPT.Testing;

namespace UniPT.Parity.Tests.Cases;

internal sealed class ClipTokensCase() : TokensCase("clip_text", Path.Combine(RepositoryPaths.Models, "bpe_simple_vocab_16e6.txt.gz"), special: 1)
{
    public override string Name => "clip-bpe";
}
