using UniPT.Backbones.Bert;

namespace UniPT.Parity.Tests.Cases;

/// <summary>BERT, as Hugging Face has it.</summary>
internal sealed class BertCase : IParityCase
{
    public string Name => "bert";

    public void Check(GoldenFile file) => BertFamilyModel.Check(file, BertFamily.Bert);
}
