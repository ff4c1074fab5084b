namespace UniPT.Backbones.Layers;

/// <summary>The signal that a network of sounds is given.</summary>
internal static class SignalInput
{
    /// <summary>A signal <c>[B, N, C]</c> of a number of channels, N at least 1, whose mask, if there is one, has a number for every step.</summary>
    /// <exception cref="UserException">It is something else.</exception>
    internal static Tensor Require(string backbone, BackboneInput input, int channels)
    {
        Tensor signal = input.Find(BackboneInput.SignalPart)
            ?? throw new UserException($"{backbone} takes signals [B, N, {channels}]; it was given {string.Join(", ", input.All.Keys)} and no {BackboneInput.SignalPart}.");
        if (signal.ndim != 3 || signal.size(2) != channels || signal.numel() == 0)
        {
            throw new UserException($"{backbone} takes signals [B, N, {channels}] with N steps, at least 1; it was given [{string.Join(", ", signal.shape)}].");
        }

        return input.Mask is null || input.Mask.shape.AsSpan().SequenceEqual(signal.shape.AsSpan(0, 2))
            ? signal
            : throw new UserException(
                $"{backbone} takes a mask with one number for every step of the signal [{string.Join(", ", signal.shape)}]; it was given [{string.Join(", ", input.Mask.shape)}].");
    }
}
