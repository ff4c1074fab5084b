namespace UniPT.Backbones.Layers;

/// <summary>Codes of positions that are computed and not learned.</summary>
internal static class SinusoidTable
{
    private const double Longest = 10000;

    /// <summary><c>concat(sin(t·f), cos(t·f))</c> with f[i] = 10000^(−i/(width/2 − 1)), <c>[positions, width]</c> row by row; the width is even and at least 4.</summary>
    internal static float[] Of(int positions, int width)
    {
        int half = width / 2;
        var table = new float[positions * width];
        for (int position = 0; position < positions; position++)
        {
            for (int i = 0; i < half; i++)
            {
                (double sine, double cosine) = Math.SinCos(position * Math.Pow(Longest, -i / (half - 1.0)));
                table[(position * width) + i] = (float)sine;
                table[(position * width) + half + i] = (float)cosine;
            }
        }

        return table;
    }
}
