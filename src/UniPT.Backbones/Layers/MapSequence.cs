using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>The modules of a convolutional network, one after the other; of what each gives only what is asked for is kept.</summary>
internal sealed class MapSequence(IReadOnlyList<Module> modules)
{
    /// <summary>How many there are.</summary>
    internal int Count => modules.Count;

    /// <summary>The outputs of some modules, in channels-last order.</summary>
    /// <param name="map">What goes into the first one, <c>[B, C, H, W]</c>; it belongs to the caller.</param>
    /// <param name="first">The module to begin with.</param>
    /// <param name="wanted">Modules in rising order, the last one to run at the end.</param>
    internal List<Tensor> Forward(Tensor map, int first, params ReadOnlySpan<int> wanted)
    {
        var found = new List<Tensor>();
        Tensor current = map.ChannelsLast();
        for (int i = first; i <= wanted[^1]; i++)
        {
            Tensor next = modules[i].forward(current);
            if (!found.Contains(current))
            {
                current.Dispose();
            }

            current = next;
            if (wanted.Contains(i))
            {
                found.Add(current);
            }
        }

        return found;
    }
}
