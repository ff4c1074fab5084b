using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>Sine and cosine codes of positions.</summary>
internal static class PositionCodes
{
    /// <summary>
    /// <c>[count, width]</c>: entry 2j of position k is sin(k·10000^(−2j/width)), entry 2j + 1 the cosine; width is even.
    /// </summary>
    public static Tensor Of(int count, int width)
    {
        var codes = new float[count * width];
        for (int position = 0; position < count; position++)
        {
            for (int j = 0; j < width; j += 2)
            {
                double angle = position * Math.Pow(10000, -(double)j / width);
                codes[(position * width) + j] = (float)Math.Sin(angle);
                codes[(position * width) + j + 1] = (float)Math.Cos(angle);
            }
        }

        return TensorData.From(codes, count, width);
    }
}
