using System.Text.RegularExpressions;
using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Training.Loop;

/// <summary>Gives trained weights the rates and decays of a recipe's groups.</summary>
internal static class WeightGroups
{
    private const int Shown = 3;

    /// <summary>The groups of a task, split where rules take weights out of them; without rules, themselves.</summary>
    /// <param name="groups">What trains, with the rates and decays that it has otherwise.</param>
    /// <param name="rules">By name; the first that matches a weight has it.</param>
    /// <exception cref="UserException">A rule has no weight.</exception>
    internal static IReadOnlyList<ParameterGroup> Apply(IReadOnlyList<ParameterGroup> groups, IReadOnlyDictionary<string, WeightGroup> rules)
    {
        if (rules.Count == 0)
        {
            return groups;
        }

        Dictionary<string, Regex> patterns = rules.ToDictionary(rule => rule.Key, rule => Pattern(rule.Value.Match), StringComparer.Ordinal);
        HashSet<string> used = [];
        List<ParameterGroup> result = [];
        foreach (ParameterGroup group in groups)
        {
            foreach (IGrouping<string?, KeyValuePair<string, Parameter>> part in group.Parameters.GroupBy(pair => Rule(pair.Key)))
            {
                WeightGroup? rule = part.Key is null ? null : rules[part.Key];
                used.Add(part.Key ?? "");
                result.Add(new ParameterGroup(
                    part.ToDictionary(StringComparer.Ordinal), rule?.WeightDecay ?? group.WeightDecay, rule?.LearningRateFactor ?? group.LearningRateFactor)
                {
                    FromEpoch = rule?.FromEpoch ?? 0,
                });
            }
        }

        return rules.Keys.FirstOrDefault(name => !used.Contains(name) && !rules[name].Optional) is { } unused ? throw Unused(unused) : result;

        string? Rule(string name) => rules.Keys.FirstOrDefault(rule => patterns[rule].IsMatch(name));

        UserException Unused(string rule)
        {
            string[] names = [.. groups.SelectMany(group => group.Parameters.Keys)];
            string taken = names.FirstOrDefault(patterns[rule].IsMatch) is { } first
                ? $"only weights that an earlier group has, such as {first}"
                : $"none of the {names.Length} weights that train; they are called {string.Join(", ", names.Take(Shown))}{(names.Length > Shown ? ", …" : "")}";
            return new UserException($"train.groups.{rule}.match is {rules[rule].Match}, which matches {taken}.");
        }
    }

    private static Regex Pattern(IEnumerable<string> any) => new(
        $"^({string.Join('|', any.Select(pattern => Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)))})$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
}
