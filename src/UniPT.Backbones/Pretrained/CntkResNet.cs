using UniPT.Torch;

namespace UniPT.Backbones.Pretrained;

/// <summary>
/// Microsoft's ResNet-18, which CNTK 2.6 exported with names that mean nothing: the order of the convolutions in the graph tells where each belongs
/// in torchvision's naming.
/// </summary>
internal static class CntkResNet
{
    private const string Sha256 = "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f";
    private static readonly string[] Norm = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>Writes the weights: convolutions in half precision, batch norms, whose variances exceed it, in float32.</summary>
    internal static void Convert(string onnx, string folder)
    {
        byte[] bytes = PackageFileHash.Require(PackageFileHash.Read(onnx), Sha256, onnx);
        using var stream = new MemoryStream(bytes);
        using DisposeScope scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(
            Path.Combine(folder, PretrainedModel.WeightsFile),
            Named(OnnxFile.Read(stream, onnx)).ToDictionary(pair => pair.Name, pair => pair.Value.ndim == 4 ? pair.Value.to(ScalarType.Float16) : pair.Value),
            new Dictionary<string, string> { ["source"] = "NuGet Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1 (MIT, .NET Foundation and Contributors)" });
    }

    /// <summary>
    /// All tensors under torchvision's names. The 7×7 convolution is the stem; a 1×1 opens a layer and stands before the two 3×3 of its block; 3×3
    /// come in pairs. The batch norm that reads what a convolution gives has its four tensors as inputs.
    /// </summary>
    /// <exception cref="UserException">The graph is another one.</exception>
    internal static IEnumerable<(string Name, Tensor Value)> Named(OnnxFile file)
    {
        (int layer, int block, int inBlock) = (1, -1, 2);
        foreach (OnnxNode node in file.Nodes.Where(node => node is { Operator: "Conv", Inputs.Count: > 1, Outputs.Count: > 0 }))
        {
            string convolution;
            string norm;
            switch (file.Shape(node.Inputs[1]))
            {
                case [_, _, 7, 7]:
                    (convolution, norm) = ("conv1", "bn1");
                    break;
                case [_, _, 1, 1]:
                    (layer, block, inBlock) = (layer + 1, 0, 0);
                    (convolution, norm) = ($"layer{layer}.0.downsample.0", $"layer{layer}.0.downsample.1");
                    break;
                default:
                    (block, inBlock) = inBlock == 2 ? (block + 1, 1) : (block, inBlock + 1);
                    (convolution, norm) = ($"layer{layer}.{block}.conv{inBlock}", $"layer{layer}.{block}.bn{inBlock}");
                    break;
            }

            yield return ($"{convolution}.weight", file.Read(node.Inputs[1]));
            OnnxNode after = file.Nodes.FirstOrDefault(other =>
                    other is { Operator: "BatchNormalization", Inputs.Count: 5 } && other.Inputs[0] == node.Outputs[0])
                ?? throw new UserException($"The graph has no batch norm after the convolution {convolution}; a ResNet by CNTK was expected.");
            for (int i = 0; i < Norm.Length; i++)
            {
                yield return ($"{norm}.{Norm[i]}", file.Read(after.Inputs[i + 1]));
            }
        }
    }
}
