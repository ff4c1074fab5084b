namespace UniPT.Torch;

/// <summary>Fills a new parameter; the generator was seeded for it.</summary>
/// <param name="parameter">The tensor to fill, while nothing is recorded.</param>
public delegate void Initializer(Tensor parameter);

/// <summary>The usual initialisations, as <c>torch.nn.init</c> defines them.</summary>
public static class Initializers
{
    /// <summary>All zeros.</summary>
    public static readonly Initializer Zeros = Constant(0);

    /// <summary>All ones.</summary>
    public static readonly Initializer Ones = Constant(1);

    /// <summary>One value everywhere.</summary>
    public static Initializer Constant(double value) => parameter => parameter.fill_(Scalars.Of(value));

    /// <summary>Uniform in ±bound.</summary>
    public static Initializer Uniform(double bound) => parameter => parameter.uniform_(-bound, bound);

    /// <summary>Uniform in ±1/√fanIn, PyTorch's default for linear and convolution weights and biases.</summary>
    public static Initializer FanIn(long fanIn) => Uniform(1 / Math.Sqrt(fanIn));

    /// <summary>Uniform in ±√(6 / (fanIn + fanOut)).</summary>
    public static Initializer XavierUniform(long fanIn, long fanOut) => Uniform(Math.Sqrt(6.0 / (fanIn + fanOut)));

    /// <summary>Normal with mean 0.</summary>
    public static Initializer Normal(double deviation) => parameter => parameter.normal_(0, deviation);
}
