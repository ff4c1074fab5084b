namespace UniPT.Torch;

/// <summary>Limits gradients before a step.</summary>
public static class GradientClipping
{
    /// <summary>
    /// Scales all gradients so that their joint Euclidean norm is at most <paramref name="maximum"/>, as
    /// <c>torch.nn.utils.clip_grad_norm_</c>.
    /// </summary>
    /// <returns>The norm before scaling; infinite or not-a-number where a gradient is.</returns>
    public static double ClipNorm(IEnumerable<Tensor> parameters, double maximum)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        if (gradients.Length == 0)
        {
            return 0;
        }

        double norm = torch.stack(Array.ConvertAll(gradients, gradient => gradient.norm())).norm().ToDouble();
        double scale = maximum / (norm + 1e-6);
        if (scale < 1)
        {
            foreach (Tensor gradient in gradients)
            {
                gradient.mul_(scale);
            }
        }

        return norm;
    }
}
