namespace UniPT.Backbones.Layers;

/// <summary>The sizes of a convolution and what follows it.</summary>
/// <param name="Input">Channels that come in.</param>
/// <param name="Output">Channels that go out.</param>
/// <param name="Kernel">Height and width of a kernel, odd.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="Groups">Channels are mapped in so many groups apart; as many as there are channels: one kernel for each.</param>
/// <param name="Activation">What follows the batch norm; null for nothing.</param>
/// <param name="PadsEnd">Whether stride 2 pads with zeros at the right and the bottom only, as Keras does, instead of all round.</param>
internal sealed record ConvShape(
    int Input, int Output, int Kernel = 1, int Stride = 1, int Groups = 1, Activation? Activation = null, bool PadsEnd = false);
