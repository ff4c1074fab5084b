using System.Text.Json;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The recorded steps of an optimizer: parameters by name, the gradient of each at each step, what became of them, rates.</summary>
internal sealed class Trajectory
{
    private readonly GoldenFile _file;

    public Trajectory(GoldenFile file)
    {
        _file = file;
        Steps = file.Config.Number("steps");
        Parameters = file.Config.GetProperty("shapes").EnumerateObject()
            .ToDictionary(shape => shape.Name, shape => new Parameter(file.Read($"input.{shape.Name}.init").clone()));
    }

    public IReadOnlyDictionary<string, Parameter> Parameters { get; }

    public int Steps { get; }

    /// <summary>The config's pair of running means' shares.</summary>
    public static (double First, double Second) Betas(JsonElement config)
    {
        double[] betas = [.. config.GetProperty("betas").EnumerateArray().Select(beta => beta.GetDouble())];
        return (betas[0], betas[1]);
    }

    /// <summary>A group of those parameters whose names hold with a condition.</summary>
    public ParameterGroup Group(Func<string, bool> belongs, double decay, double factor = 1) =>
        new(Parameters.Where(pair => belongs(pair.Key)).ToDictionary(), decay, factor);

    /// <summary>Two groups as the published programs make them: those with some word in their names are not decayed.</summary>
    public ParameterGroup[] Decayed(double decay, params string[] exempt)
    {
        bool IsExempt(string name) => exempt.Any(name.Contains);
        return [Group(name => !IsExempt(name), decay), Group(IsExempt, 0)];
    }

    /// <summary>Goes the recorded way.</summary>
    /// <param name="schedule">The rates that were recorded.</param>
    /// <param name="clip">The largest norm of all gradients together; 0 for no clipping.</param>
    /// <param name="step">Changes the parameters; is given the rate.</param>
    public void Check(LearningRateSchedule schedule, double clip, Action<double> step)
    {
        double[] rates = [.. Enumerable.Range(0, Steps).Select(at => schedule.At(at))];
        Comparison.Same(_file, "output.lr", TensorData.From(rates));
        for (int at = 0; at < Steps; at++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            foreach ((string name, Parameter parameter) in Parameters)
            {
                // A copy, since clipping changes it and a file's pages are read-only.
                string gradient = $"input.grad.{at}.{name}";
                parameter.grad = _file.Has(gradient) ? _file.Read(gradient).clone() : null;
            }

            if (clip > 0)
            {
                nn.utils.clip_grad_norm_(Parameters.Values, clip);
            }

            step(rates[at]);
            foreach ((string name, Parameter parameter) in Parameters)
            {
                Comparison.Same(_file, $"output.{name}.{at}", parameter);
            }
        }
    }
}
