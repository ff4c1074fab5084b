using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Recipes;
using UniPT.Tuning;
using UniPT.Tuning.Direct;

namespace UniPT.Training.Retrieval;

/// <summary>Groups what trains by its learning rate.</summary>
internal static class RetrievalParameters
{
    internal static IReadOnlyList<ParameterGroup> Groups(RetrievalModel model, TrainOptions options)
    {
        Dictionary<Parameter, double> direct = new[] { model.Image.Tuned, model.Text.Tuned }.Select(tuned => (tuned as IHasDirectPath)?.Direct).OfType<DirectPath>()
            .SelectMany(path => path.Parameters.Select(parameter => (parameter, path.Options.RateFactor)))
            .ToDictionary(pair => pair.parameter, pair => pair.RateFactor);
        IEnumerable<ParameterGroup> groups =
        [
            .. model.Trained.Trainable.GroupBy(pair => direct.GetValueOrDefault(pair.Value, 1)).Select(group => Group("", group, options.WeightDecay, group.Key)),
            Group("image_backbone.", model.Image.Tuned.Backbone.Store.Trainable, options.WeightDecay, options.BackboneLearningRateFactor),
            Group("text_backbone.", model.Text.Tuned.Backbone.Store.Trainable, options.WeightDecay, options.BackboneLearningRateFactor),
        ];
        return [.. groups.Where(group => group.Parameters.Count > 0)];
    }

    private static ParameterGroup Group(string prefix, IEnumerable<KeyValuePair<string, Parameter>> parameters, double decay, double factor) =>
        new(parameters.ToDictionary(pair => prefix + pair.Key, pair => pair.Value, StringComparer.Ordinal), decay, factor);
}
