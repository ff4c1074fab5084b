using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;
using UniPT.Tuning.Direct;

namespace UniPT.Training.Models;

/// <summary>Groups what trains by its learning rate.</summary>
internal static class TrainedParameters
{
    internal static IReadOnlyList<ParameterGroup> Groups(TaskModel model, TrainOptions options)
    {
        Dictionary<Parameter, double> direct = model.Tuned.Values.Select(tuned => (tuned as IHasDirectPath)?.Direct).OfType<DirectPath>()
            .SelectMany(path => path.Parameters.Select(parameter => (parameter, path.Options.RateFactor)))
            .ToDictionary(pair => pair.parameter, pair => pair.RateFactor);
        IEnumerable<ParameterGroup> groups =
        [
            .. model.Trained.Trainable.GroupBy(pair => direct.GetValueOrDefault(pair.Value, 1)).Select(group => Group("", group, options.WeightDecay, group.Key)),
            .. model.Tuned.Select(pair => Group(
                TaskModel.BackbonePrefix(pair.Key), pair.Value.Backbone.Store.Trainable, options.WeightDecay, options.BackboneLearningRateFactor)),
        ];
        return [.. groups.Where(group => group.Parameters.Count > 0)];
    }

    private static ParameterGroup Group(string prefix, IEnumerable<KeyValuePair<string, Parameter>> parameters, double decay, double factor) =>
        new(parameters.ToDictionary(pair => prefix + pair.Key, pair => pair.Value, StringComparer.Ordinal), decay, factor);
}
