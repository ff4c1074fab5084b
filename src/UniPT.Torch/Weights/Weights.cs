using System.Globalization;

namespace UniPT.Torch;

/// <summary>
/// A named place in a checkpoint or in a fresh initialisation: <c>weights / "encoder" / "layer" / 0</c>. Modules are
/// built from it, and asking it for a tensor by name and shape is loading that tensor, so shapes are checked at
/// birth and nothing is allocated twice.
/// </summary>
public sealed class Weights
{
    private readonly string _prefix;
    private readonly HashSet<string>? _only;

    internal Weights(WeightStore store, string prefix, HashSet<string>? only = null) => (Store, _prefix, _only) = (store, prefix, only);

    /// <summary>Owns the tensors; shared by all places of the same checkpoint.</summary>
    public WeightStore Store { get; }

    /// <summary>The parameters that were asked for at this place and below it, in that order.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. Names.Select(name => Store.Parameters[name])];

    private IEnumerable<string> Names => Store.Parameters.Keys.Where(Holds);

    /// <summary>Weights of a checkpoint of any format that <see cref="TensorFile"/> reads, computed with as float.</summary>
    /// <param name="path">A file, a folder or a name in the hub cache, as <see cref="TensorFile.Open"/> says.</param>
    /// <param name="trainable">False: frozen, and shared with the file's pages where it stores floats.</param>
    /// <param name="device">Where they are to be; null for the CPU.</param>
    /// <exception cref="UserException">The file is missing or broken.</exception>
    public static Weights Open(string path, bool trainable = false, Device? device = null) =>
        new(new WeightStore(new FileWeights(TensorFile.Open(path), trainable, device ?? CPU)), "");

    /// <summary>Freshly initialised weights: a function of the seed and the tensors' names.</summary>
    /// <param name="seed">Of the initialisation.</param>
    /// <param name="device">Where they are to be; null for the CPU.</param>
    /// <param name="trainable">False: frozen, as those of a checkpoint, to try something without one.</param>
    public static Weights Fresh(long seed, Device? device = null, bool trainable = true) =>
        new(new WeightStore(new FreshWeights(seed, device ?? CPU, trainable)), "");

    /// <summary>
    /// Shapes without numbers, on libtorch's meta device: a network of any size is built from them in no memory, so that its parameters are counted and a
    /// forward gives the shapes of what comes out.
    /// </summary>
    /// <param name="trainable">Whether all of them are to be trained, as new ones are, or frozen, as those of a checkpoint.</param>
    public static Weights Meta(bool trainable = false) => Fresh(0, new Device(DeviceType.META), trainable);

    /// <summary>A place below this one.</summary>
    public static Weights operator /(Weights weights, string name) => new(weights.Store, weights.FullName(name) + ".", weights._only);

    /// <summary>A numbered place below this one.</summary>
    public static Weights operator /(Weights weights, int index) => weights / index.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// This place for tensors whose own names start with a text, such as <c>in_proj_</c> for the <c>in_proj_weight</c> and
    /// <c>in_proj_bias</c> of PyTorch's attention.
    /// </summary>
    public Weights StartingWith(string text) => new(Store, FullName(text), _only);

    /// <summary>
    /// This place with a few of its tensors alone, for a part of a network that shares it with others, such as a layer of PyTorch's recurrent
    /// networks, whose number stands at the end of the names.
    /// </summary>
    public Weights Only(params IReadOnlyList<string> names) => new(Store, _prefix, [.. names.Select(FullName)]);

    /// <summary>Whether the checkpoint has a tensor of that name here; a fresh initialisation has every one.</summary>
    public bool Contains(string name) => Store.Contains(FullName(name));

    /// <summary>How many of the places 0, 1, … below this one have a tensor of that name in the checkpoint.</summary>
    public int CountWith(string name)
    {
        int count = 0;
        while ((this / count).Contains(name))
        {
            count++;
        }

        return count;
    }

    /// <summary>The shape that a tensor has in the checkpoint.</summary>
    /// <exception cref="UserException">The checkpoint lacks it, or it has another number of dimensions.</exception>
    public long[] Shape(string name, int dimensions)
    {
        long[] shape = Store.Shape(FullName(name));
        return shape.Length == dimensions
            ? shape
            : throw new UserException($"The tensor {FullName(name)} has the shape [{string.Join(", ", shape)}], the model needs {dimensions} dimensions.");
    }

    /// <summary>Says under which other name older checkpoints have a parameter of this place.</summary>
    public void Alias(string name, string other) => Store.Alias(FullName(name), FullName(other));

    /// <summary>Says that tensors whose names start with a text belong to the checkpoint, but not to the model.</summary>
    public void Ignore(string start) => Store.Ignore(FullName(start));

    /// <summary>The parameter of that name and shape, owned by the store.</summary>
    /// <exception cref="UserException">The checkpoint lacks it or has it in another shape.</exception>
    public Parameter Parameter(string name, Initializer initializer, params long[] shape) =>
        Store.Parameter(FullName(name), shape, initializer);

    /// <summary>As <see cref="Parameter"/>, for state that is not trained.</summary>
    public Tensor Buffer(string name, Initializer initializer, params long[] shape) =>
        Store.Buffer(FullName(name), shape, initializer);

    /// <summary>
    /// Puts a tensor computed from frozen ones in the place of one of them, which is freed: for rewriting a frozen
    /// network, as by folding its batch norm into its convolutions.
    /// </summary>
    /// <returns>The new tensor, owned by the store.</returns>
    public Tensor Replace(string name, Tensor replacement) => Store.Replace(FullName(name), replacement);

    /// <summary>
    /// Keeps parameters out of training, by <see cref="Unfreeze"/> or <see cref="WeightStore.FreezeExcluded"/>, because nothing that trains depends on them: they were folded into
    /// others, or only an output reads them that methods do not use.
    /// </summary>
    public void Exclude(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            Store.Exclude(FullName(name));
        }
    }

    /// <summary>Says how new linear maps at this place and below it start that do not say it themselves, with zero biases.</summary>
    public void StartLinears(Initializer initializer) => Store.AddLinearStart(this, initializer);

    /// <summary>Says that this is the place of a layer that normalises tokens.</summary>
    public void MarkNorm() => Store.AddNorm(this);

    /// <summary>Gives a frozen parameter memory of its own, in which it may change until <see cref="Restore"/>.</summary>
    public void Change(string name) => Store.Change(FullName(name));

    /// <summary>Makes a parameter what it was before <see cref="Change"/>, to the bit.</summary>
    public void Restore(string name) => Store.Restore(FullName(name));

    /// <summary>Makes the frozen parameters at this place and below it trainable, as <see cref="WeightStore.Unfreeze"/>.</summary>
    public void Unfreeze() => Store.Unfreeze([.. Names]);

    /// <summary>Sets every parameter at this place and below it to one value.</summary>
    public void Fill(double value)
    {
        using IDisposable unrecorded = torch.no_grad();
        foreach (Tensor parameter in Parameters)
        {
            parameter.fill_(Scalars.Of(value));
        }
    }

    /// <summary>The parameters and buffers at this place and below it.</summary>
    internal IEnumerable<Tensor> Tensors => Store.All.Where(pair => Holds(pair.Key)).Select(pair => pair.Value);

    /// <summary>What <see cref="StartLinears"/> said; null where nothing was.</summary>
    internal Initializer? LinearStart => Store.LinearStartAt(_prefix);

    internal string FullName(string name) => _prefix + name;

    /// <summary>Whether a tensor of that full name is at this place or below it.</summary>
    internal bool Holds(string fullName) => fullName.StartsWith(_prefix, StringComparison.Ordinal) && _only?.Contains(fullName) != false;

    /// <summary>Those of the store's tensors that are at this place or, if asked for, below it, by their names from here.</summary>
    internal IEnumerable<(string Name, T Tensor)> Named<T>(IReadOnlyDictionary<string, T> tensors, bool recurse) where T : Tensor
    {
        foreach ((string name, T tensor) in tensors)
        {
            if (Holds(name) && (recurse || !name.AsSpan(_prefix.Length).Contains('.')))
            {
                yield return (name[_prefix.Length..], tensor);
            }
        }
    }

    /// <summary>Training or evaluation, for all modules at this place and below it.</summary>
    internal void SetTraining(bool train)
    {
        foreach ((Weights place, IPlacedModule module) in Store.Modules)
        {
            if (Holds(place._prefix))
            {
                module.SetTraining(train);
            }
        }
    }

    /// <summary>The modules below this place, by their names from here; of several at one place the outermost.</summary>
    internal IEnumerable<(string Name, nn.Module Module)> NamedModules() => Store.Modules
        .Where(pair => pair.Place._prefix.Length > _prefix.Length && Holds(pair.Place._prefix))
        .Select(pair => (pair.Place._prefix[_prefix.Length..].TrimEnd('.'), (nn.Module)pair.Module))
        .DistinctBy(pair => pair.Item1);
}
