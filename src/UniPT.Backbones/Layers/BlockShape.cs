namespace UniPT.Backbones.Layers;

/// <summary>The sizes of a Transformer layer.</summary>
/// <param name="Width">Of the tokens.</param>
/// <param name="Inner">Of the feed-forward network's hidden features.</param>
/// <param name="Heads">Of the attention; they divide the width.</param>
/// <param name="Activation">Of the feed-forward network.</param>
/// <param name="Epsilon">Of the layer norms.</param>
public sealed record BlockShape(int Width, int Inner, int Heads, Activation Activation = Activation.Gelu, double Epsilon = 1e-12);
