namespace UniPT.Training.Recipes.Binding;

/// <summary>A list of values.</summary>
internal sealed record OptionSequence(string Origin, IReadOnlyList<OptionNode> Items) : OptionNode(Origin)
{
    internal override string Shown => "a list";
}
