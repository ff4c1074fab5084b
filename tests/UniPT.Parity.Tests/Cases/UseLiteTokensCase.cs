using UniPT.Testing;

namespace UniPT.Parity.Tests.Cases;

internal sealed class UseLiteTokensCase() : TokensCase("use_lite", Path.Combine(RepositoryPaths.Models, "use_lite.vocab.json"), special: 0)
{
    public override string Name => "use_lite-tokens";
}
