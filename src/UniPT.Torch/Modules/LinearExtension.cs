namespace UniPT.Torch;

/// <summary>Changes what goes into a <see cref="LinearMap"/> or comes out of it, as LoRA, adapters and IA³ do.</summary>
public abstract class LinearExtension
{
    /// <summary>What the map is given instead of its input.</summary>
    public virtual Tensor Before(Tensor input) => input;

    /// <summary>What the map gives instead of its output.</summary>
    /// <param name="input">What the map was given.</param>
    /// <param name="output">What it made of it; nothing else reads it.</param>
    public virtual Tensor After(Tensor input, Tensor output) => output;
}
