using System.Globalization;
using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;
using UniPT.Tuning;

namespace UniPT.Training.Adapters;

/// <summary>
/// A fixed picture and a fixed text with the vectors that they had when the adapter was saved: an adapter that is
/// loaded must give them again.
/// </summary>
internal static class AdapterProbe
{
    internal const string PictureKey = "probe.picture";
    internal const string TextKey = "probe.text";
    private const string Text = "a small red circle on a white square";

    /// <summary>The two vectors, <c>[embedding]</c> each, in the current scope.</summary>
    internal static Dictionary<string, Tensor> Compute(RetrievalModel model, RetrievalInputs inputs)
    {
        IReadOnlyList<Tensor> vectors = Inference.Run(() =>
            (Tensor[])[model.Image.Embed(inputs.Pictures([Picture()])).select(0, 0), model.Text.Embed(inputs.Texts([Text])).select(0, 0)]);
        return new Dictionary<string, Tensor> { [PictureKey] = vectors[0], [TextKey] = vectors[1] };
    }

    /// <exception cref="UserException">A vector differs from the saved one by more than the precision explains.</exception>
    internal static void Check(
        RetrievalModel model, RetrievalInputs inputs, IReadOnlyDictionary<string, Tensor> saved, Precision precision, string folder)
    {
        double tolerance = ProbeTolerance.Of(precision.Type());
        using DisposeScope scope = torch.NewDisposeScope();
        foreach ((string key, Tensor now) in Compute(model, inputs))
        {
            double difference = (now.to(CPU) - saved[key]).abs().max().Item();
            if (!(difference <= tolerance))
            {
                throw new UserException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The adapter {folder} does not give its {key} output again (it differs by {difference:g2}): the preprocessing or the backbone is not the one it was saved with."));
            }
        }
    }

    /// <summary>A red disc on white with a grey gradient beside it.</summary>
    private static RgbImage Picture()
    {
        const int Width = 80;
        const int Height = 60;
        var pixels = new byte[Width * Height * 3];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                bool disc = ((x - 30) * (x - 30)) + ((y - 30) * (y - 30)) < 400;
                byte grey = (byte)(x < 60 ? 255 : y * 4);
                int at = ((y * Width) + x) * 3;
                pixels[at] = disc ? (byte)220 : grey;
                pixels[at + 1] = disc ? (byte)20 : grey;
                pixels[at + 2] = disc ? (byte)30 : grey;
            }
        }

        return new RgbImage(Width, Height, pixels);
    }
}
