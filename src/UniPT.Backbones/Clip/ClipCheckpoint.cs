using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>What OpenAI's files hold besides the tower that is read.</summary>
internal static class ClipCheckpoint
{
    private static readonly string[] Sizes = ["input_resolution", "context_length", "vocab_size"];
    private static readonly string[] Text =
        ["token_embedding.", "positional_embedding", "transformer.", "ln_final.", "text_projection", "logit_scale"];

    internal static void IgnoreSizes(Weights weights) => Ignore(weights, Sizes);

    internal static void IgnoreText(Weights weights) => Ignore(weights, [.. Sizes, .. Text]);

    internal static void IgnoreImage(Weights weights) => Ignore(weights, [.. Sizes, "visual.", "logit_scale"]);

    private static void Ignore(Weights weights, string[] names)
    {
        foreach (string name in names)
        {
            weights.Ignore(name);
        }
    }
}
