namespace UniPT.Backbones.UserModels;

/// <summary>
/// A backbone made of any TorchSharp module by the names of the submodules whose outputs are its hidden states. It runs in evaluation mode and
/// without gradients, whatever the module is set to, and leaves the module as it was; the module stays the user's to train, move and dispose.
/// Put a module that several threads share into <c>eval()</c> first.
/// </summary>
public sealed class ModuleBackbone : UserModelBackbone
{
    private readonly Submodules _submodules;
    private readonly Action<BackboneInput> _run;

    /// <summary>Of a module that takes one tensor.</summary>
    /// <param name="module">The module.</param>
    /// <param name="example">An input of the module, batch first, from which layouts and widths are learned; the smaller the faster.</param>
    /// <param name="submodules">
    /// Dotted names as in <c>named_modules()</c>, such as <c>layer3</c> or <c>encoder.layers.5</c>, in the order in which they run. Their outputs are
    /// tokens <c>[B, N, D]</c> (or <c>[N, B, D]</c>), vectors <c>[B, D]</c> or maps <c>[B, C, H, W]</c>.
    /// </param>
    /// <exception cref="UserException">A submodule does not exist, is never called, or gives something else.</exception>
    public ModuleBackbone(nn.Module<Tensor, Tensor> module, Tensor example, params string[] submodules)
        : this(module, new BackboneInput(example), input => module.call(input.Values), submodules)
    {
    }

    /// <summary>Of a module of any inputs and outputs.</summary>
    /// <param name="module">The module.</param>
    /// <param name="example">An input; its rows are those of <see cref="BackboneInput.Values"/>.</param>
    /// <param name="run">
    /// Calls the module with an input, such as <c>input =&gt; module.call(input.Values, input.Segments)</c>; what it gives is not used.
    /// </param>
    /// <param name="submodules">As for a module of one tensor.</param>
    /// <exception cref="UserException">As for a module of one tensor.</exception>
    public ModuleBackbone(nn.Module module, BackboneInput example, Action<BackboneInput> run, params string[] submodules)
        : this(module, example, run, new Submodules(module.GetType().Name, module, submodules))
    {
    }

    /// <summary>Of a module with several streams, such as the encoder and the decoder of an encoder–decoder.</summary>
    /// <param name="module">The module.</param>
    /// <param name="example">An input.</param>
    /// <param name="run">As for a module of any inputs.</param>
    /// <param name="streams">
    /// The submodules of each stream, all in the order in which they run. The mask of a stream is the input's part <c>STREAM_mask</c>, such as
    /// <c>decoder_mask</c>; that of the first may also be called <c>mask</c>.
    /// </param>
    /// <exception cref="UserException">As for a module of one tensor, or a stream is named twice.</exception>
    public ModuleBackbone(nn.Module module, BackboneInput example, Action<BackboneInput> run, params (string Stream, string[] Submodules)[] streams)
        : this(module, example, run, new Submodules(module.GetType().Name, module, [.. streams.SelectMany(stream => stream.Submodules)]), [.. streams.Select(stream => (stream.Stream, stream.Submodules.Length))])
    {
    }

    private ModuleBackbone(
        nn.Module module, BackboneInput example, Action<BackboneInput> run, Submodules submodules, IReadOnlyList<(string Stream, int States)>? streams = null)
        : base(
            module.GetType().Name,
            module,
            example,
            submodules,
            streams,
            input => submodules.Named(submodules.Read(() => Evaluate(module, run, input), learns: true))) =>
        (_submodules, _run) = (submodules, input => Evaluate(module, run, input));

    /// <inheritdoc/>
    private protected override IReadOnlyList<Tensor> Read(BackboneInput input) => _submodules.Read(() => _run(input));

    private static void Evaluate(nn.Module module, Action<BackboneInput> run, BackboneInput input)
    {
        // Parents first, as they take their children along.
        (nn.Module Module, bool Training)[] modes = [.. module.named_modules().Select(pair => pair.module).Prepend(module).Select(each => (each, each.training))];
        bool changes = modes.Any(mode => mode.Training);
        if (changes)
        {
            module.eval();
        }

        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            run(input);
        }
        finally
        {
            foreach ((nn.Module each, bool training) in changes ? modes : [])
            {
                each.train(training);
            }
        }
    }
}
