namespace UniPT.Training.Recipes;

/// <summary>How the learning rate goes after the warm-up.</summary>
public enum Schedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It is multiplied by step_factor at the start of each of step_epochs.</summary>
    Step,

    /// <summary>It falls in a straight line to 0.</summary>
    Linear,

    /// <summary>It falls along half a cosine to 0.</summary>
    Cosine,
}
