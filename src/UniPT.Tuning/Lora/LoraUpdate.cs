using UniPT.Torch;

namespace UniPT.Tuning.Lora;

/// <summary>The low-rank update of one linear map: <c>scale·B·A·dropout(x)</c>.</summary>
internal sealed class LoraUpdate : LinearExtension
{
    private readonly LinearMap _map;
    private readonly Tensor _a;
    private readonly Func<Tensor> _b;
    private readonly Module _down;
    private readonly Module _up;
    private readonly Dropout _dropout;
    private readonly double _scale;

    private LoraUpdate(LinearMap map, Module down, Tensor a, Module up, Func<Tensor> b, Dropout dropout, double scale) =>
        (_map, _down, _a, _up, _b, _dropout, _scale) = (map, down, a, up, b, dropout, scale);

    /// <summary>The map.</summary>
    public LinearMap Map => _map;

    /// <summary>
    /// Takes <c>lora_A.weight [r, in]</c>, uniform, and <c>lora_B.weight [out, r]</c>, zero; on maps with the kernel and with <c>1, 1</c> behind.
    /// Several maps are the parts of one, in order: they share A and have their rows of B.
    /// </summary>
    public static IReadOnlyList<LoraUpdate> Create(IReadOnlyList<LinearMap> maps, Weights weights, int rank, double scale, double dropout)
    {
        (Weights ofA, Weights ofB) = (weights / "lora_A", weights / "lora_B");
        LinearMap first = maps[0];
        Module down = ChannelMap.Beside(ofA, first, rank);
        Module up = ChannelMap.Create(ofB, first.OnMaps, rank, maps.Sum(map => map.Output), bias: false, Initializers.Zeros);
        (Tensor a, Tensor b) = (ofA.Parameters[0], ofB.Parameters[0]);
        var dropped = new Dropout(weights, dropout);
        if (maps.Count == 1)
        {
            return [new LoraUpdate(first, down, a, up, () => b, dropped, scale)];
        }

        var updates = new List<LoraUpdate>();
        long start = 0;
        foreach (LinearMap map in maps)
        {
            Linear part = ((Linear)up).Part(start, map.Output);
            updates.Add(new LoraUpdate(map, down, a, part, () => part.Weight, dropped, scale));
            start += map.Output;
        }

        return updates;
    }

    /// <inheritdoc/>
    public override Tensor After(Tensor input, Tensor output)
    {
        output.add_(_up.forward(_down.forward(_dropout.forward(input))), Scalars.Of(_scale));
        return output;
    }

    /// <summary>Makes the update part of the map's weight.</summary>
    public void Merge()
    {
        _map.Extension = null;
        _map.ChangeWeight(weight => weight.add_(Product(weight), Scalars.Of(_scale)));
    }

    /// <summary>Takes the weight back to what it was.</summary>
    public void Unmerge()
    {
        _map.RestoreWeight();
        _map.Extension = this;
    }

    /// <summary>Adds the update, as often as <paramref name="times"/> says, to the checkpoint's weight.</summary>
    /// <param name="stored">The checkpoint's weights by the store's names, as float.</param>
    /// <param name="times">1 to add, −1 to take it back.</param>
    /// <exception cref="UserException">The map's weight is computed from the checkpoint's in a way that does not let it change so.</exception>
    public void AddTo(IReadOnlyDictionary<string, Tensor> stored, double times)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor weight = _map.WeightIn(stored);
        weight.add_(_map.InCheckpoint(Product(weight)).to(weight.device), Scalars.Of(times * _scale));
    }

    /// <summary>B·A in the weight's shape.</summary>
    private Tensor Product(Tensor weight) => _b().flatten(1).MatMul(_a.flatten(1)).view(weight.shape);
}
