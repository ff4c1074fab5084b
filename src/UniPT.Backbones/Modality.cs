namespace UniPT.Backbones;

/// <summary>What a backbone reads.</summary>
public enum Modality
{
    /// <summary>Pixels.</summary>
    Image,

    /// <summary>Token ids.</summary>
    Text,
}
