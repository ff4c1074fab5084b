using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Training.Retrieval;

/// <summary>Groups what trains by its learning rate.</summary>
internal static class RetrievalParameters
{
    internal static IReadOnlyList<ParameterGroup> Groups(RetrievalModel model, TrainOptions options)
    {
        ParameterGroup[] groups =
        [
            Group("", model.Trained, options.WeightDecay, 1),
            Group("image_backbone.", model.Image.Tuned.Backbone.Store, options.WeightDecay, options.BackboneLearningRateFactor),
            Group("text_backbone.", model.Text.Tuned.Backbone.Store, options.WeightDecay, options.BackboneLearningRateFactor),
        ];
        return [.. groups.Where(group => group.Parameters.Count > 0)];
    }

    private static ParameterGroup Group(string prefix, WeightStore store, double decay, double factor) =>
        new(store.Trainable.ToDictionary(pair => prefix + pair.Key, pair => pair.Value, StringComparer.Ordinal), decay, factor);
}
