using UniPT.Backbones;
using UniPT.Tasks.Retrieval;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Training.Tests.Recipes;

/// <summary>Methods with options of every supported type, so that these tests need none of the real ones.</summary>
internal static class SampleMethods
{
    internal static RecipeCatalog Catalog { get; } = new()
    {
        Methods = new Dictionary<string, TuningRegistration>
        {
            ["wide"] = new(typeof(WideOptions), _ => new SampleMethod(trainsBackbone: false)),
            ["plain"] = new(typeof(PlainOptions), _ => new SampleMethod(trainsBackbone: false)),
            ["full"] = new(typeof(FullOptions), _ => new SampleMethod(trainsBackbone: true)),
        },
        Tasks = new Dictionary<string, TaskRegistration> { ["retrieval"] = RetrievalTask.Registration },
        Architectures = stream => stream == "image" ? ["mobilenet_v2"] : ["use_lite"],
    };

    /// <summary>A parallel network of a <c>chosen</c> width.</summary>
    internal sealed record WideOptions
    {
        /// <summary>Width, above <see cref="Rate"/>.</summary>
        [OptionRange(8, 4096)]
        public int Width { get; init; } = 256;

        /// <summary>Learning rate of its own.</summary>
        public double? Rate { get; init; }

        /// <summary>A remark.</summary>
        public string? Remark { get; init; }

        /// <summary>Names of parts.</summary>
        public OptionList<string> Parts { get; init; } = ["a", "b"];

        /// <summary>Pools to try.</summary>
        public OptionList<Pooling> Pools { get; init; } = [];

        /// <summary>Factors.</summary>
        public OptionList<double> Factors { get; init; } = [0.5];

        /// <summary>A section within.</summary>
        public DirectOptions Direct { get; init; } = new();

        /// <summary>A section that may be left out.</summary>
        public DirectOptions? Second { get; init; }
    }

    /// <summary>The direct path.</summary>
    internal sealed record DirectOptions
    {
        /// <summary>Whether there is one.</summary>
        public bool Enabled { get; init; } = true;

        /// <inheritdoc cref="FullOptions.Skipped"/>
        public long Count { get; init; } = 1L << 40;
    }

    /// <summary>Nothing to choose.</summary>
    internal sealed record PlainOptions;

    /// <summary>The backbone trains.</summary>
    internal sealed record FullOptions
    {
        /// <summary>Layers that stay frozen.</summary>
        [OptionRange(0, 100)]
        public int Skipped { get; init; }
    }

    private sealed class SampleMethod(bool trainsBackbone) : TuningMethod
    {
        public override string Name => "sample";

        public override bool TrainsBackbone => trainsBackbone;

        public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output) =>
            throw new NotSupportedException();
    }
}
