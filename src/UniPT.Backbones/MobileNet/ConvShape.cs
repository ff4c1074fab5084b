namespace UniPT.Backbones.MobileNet;

/// <summary>The sizes of a convolution.</summary>
/// <param name="Input">Channels that come in.</param>
/// <param name="Output">Channels that go out.</param>
/// <param name="Kernel">Height and width of a kernel, 1 or 3.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="Depthwise">One kernel for each channel.</param>
/// <param name="Activation">Whether ReLU6 follows.</param>
internal sealed record ConvShape(
    int Input, int Output, int Kernel = 1, int Stride = 1, bool Depthwise = false, bool Activation = true);
