namespace UniPT.Backbones.Tests.UserModels;

/// <summary>Maps to maps by two stages, with batch statistics, dropout and an activation in place.</summary>
internal sealed class Stages : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> stem = nn.Conv2d(3, 4, 3, padding: 1L);
    private readonly nn.Module<Tensor, Tensor> norm = nn.BatchNorm2d(4);
    private readonly nn.Module<Tensor, Tensor> activation = nn.ReLU(inplace: true);
    private readonly nn.Module<Tensor, Tensor> stage1;
    private readonly nn.Module<Tensor, Tensor> stage2;
    private readonly nn.Module<Tensor, Tensor> drop = nn.Dropout(0.5);
    private readonly nn.Module<Tensor, Tensor> unused = nn.Linear(2, 2);
    private readonly nn.Module<Tensor, Tensor> hidden = nn.Linear(8, 2);

    public Stages() : base("Stages")
    {
        stage1 = nn.Sequential(("conv", nn.Conv2d(4, 6, 3, stride: 2L, padding: 1L)), ("tanh", nn.Tanh()));
        stage2 = nn.Sequential(("conv", nn.Conv2d(6, 8, 3, stride: 2L, padding: 1L)), ("tanh", nn.Tanh()));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = activation.call(norm.call(stem.call(input)));
        x = stage2.call(drop.call(stage1.call(x)));
        return hidden.forward(x.mean([2, 3])).MoveToOuterDisposeScope();
    }
}

/// <summary>Tokens to tokens by what it is made of, two inputs if asked for; blocks in a list.</summary>
internal sealed class Blocks : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>> layers;

    public Blocks(params nn.Module<Tensor, Tensor>[] layers) : base("Blocks")
    {
        this.layers = nn.ModuleList(layers);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = mask is null ? input : input * mask.unsqueeze(-1);
        foreach (nn.Module<Tensor, Tensor> layer in layers)
        {
            x = layer.call(x);
        }

        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>A module of one function.</summary>
internal sealed class Step<TResult>(Func<Tensor, TResult> compute) : nn.Module<Tensor, TResult>("Step")
{
    public override TResult forward(Tensor input) => compute(input);
}

/// <summary>Calls a module that gives two tensors, and one that gives a tensor.</summary>
internal sealed class Pairs : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, (Tensor, Tensor)> pair = new Step<(Tensor, Tensor)>(x => (x.tanh(), x));
    private readonly nn.Module<Tensor, Tensor> last = new Step<Tensor>(x => x.tanh());

    public Pairs() : base("Pairs") => RegisterComponents();

    public override Tensor forward(Tensor input) => last.call(pair.call(input).Item1);
}
