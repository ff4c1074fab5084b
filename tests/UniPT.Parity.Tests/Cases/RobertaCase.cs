using UniPT.Backbones.Bert;

namespace UniPT.Parity.Tests.Cases;

/// <summary>RoBERTa, as Hugging Face has it.</summary>
internal sealed class RobertaCase : IParityCase
{
    public string Name => "roberta";

    public void Check(GoldenFile file) => BertFamilyModel.Check(file, BertFamily.Roberta);
}
