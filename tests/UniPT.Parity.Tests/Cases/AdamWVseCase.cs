using System.Text.Json;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>A trajectory of AdamW with clipped gradients and one drop of the learning rate.</summary>
internal sealed class AdamWVseCase : IParityCase
{
    public string Name => "adamw-vse";

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        Dictionary<string, Parameter> parameters = config.GetProperty("shapes").EnumerateObject()
            .ToDictionary(shape => shape.Name, shape => Leaf(file, shape.Name));
        double[] betas = [.. config.GetProperty("betas").EnumerateArray().Select(beta => beta.GetDouble())];
        using var optimizer = new AdamW(
            [new ParameterGroup(parameters, config.GetProperty("weight_decay").GetDouble())], betas[0], betas[1], config.GetProperty("eps").GetDouble());
        var schedule = new StepSchedule(config.GetProperty("lr").GetDouble(), [config.GetProperty("drop_at").GetInt64()], 0.1);
        double[] rates = [.. Enumerable.Range(0, config.GetProperty("steps").GetInt32()).Select(step => schedule.At(step))];
        Comparison.Same(file, "output.lr", TensorData.From(rates));
        for (int step = 0; step < rates.Length; step++)
        {
            foreach ((string name, Parameter parameter) in parameters)
            {
                parameter.grad = file.Read($"input.grad.{step}.{name}").clone();
            }

            nn.utils.clip_grad_norm_(optimizer.Parameters, config.GetProperty("grad_clip").GetDouble());
            optimizer.Step(rates[step]);
            foreach ((string name, Parameter parameter) in parameters)
            {
                Comparison.Same(file, $"output.{name}.{step}", parameter);
            }
        }
    }

    private static Parameter Leaf(GoldenFile file, string name) => new(file.Read($"input.{name}.init").clone());
}
