namespace UniPT.Torch;

/// <summary>
/// Adam with decoupled weight decay, as <c>torch.optim.AdamW</c>: <c>p ← p − lr·wd·p</c>, then a step along
/// <c>m̂ / (√v̂ + ε)</c>.
/// </summary>
/// <param name="groups">What trains.</param>
/// <param name="beta1">What the mean of gradients keeps at each step.</param>
/// <param name="beta2">What the mean of their squares keeps.</param>
/// <param name="epsilon">ε.</param>
public sealed class AdamW(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    : Adam(groups, beta1, beta2, epsilon, decoupled: true);
