using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Training.Loop;

/// <summary>From a recipe's options to an optimizer.</summary>
internal static class Optimizers
{
    /// <summary>The optimizer of what trains.</summary>
    internal static NamedOptimizer Create(TrainOptions options, IReadOnlyList<ParameterGroup> groups) => options.Optimizer switch
    {
        OptimizerKind.Adam => new Adam(groups, options.Beta1, options.Beta2, options.Epsilon) { MaxTensorNorm = options.ClipTensorNorm },
        OptimizerKind.BertAdam => new BertAdam(groups, options.Beta1, options.Beta2, options.Epsilon) { MaxTensorNorm = options.ClipTensorNorm },
        OptimizerKind.HuggingFaceAdamw =>
            new HuggingFaceAdamW(groups, options.Beta1, options.Beta2, options.Epsilon) { MaxTensorNorm = options.ClipTensorNorm },
        _ => new AdamW(groups, options.Beta1, options.Beta2, options.Epsilon) { MaxTensorNorm = options.ClipTensorNorm },
    };
}
