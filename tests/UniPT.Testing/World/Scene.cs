using SkiaSharp;

namespace UniPT.Testing.World;

/// <summary>A coloured thing of a scene.</summary>
/// <param name="Shape">One of <see cref="Scene.Shapes"/>.</param>
/// <param name="Colour">One of <see cref="Scene.Colours"/>.</param>
/// <param name="Left">Of its box, in pixels of the scene.</param>
/// <param name="Top">Of its box.</param>
/// <param name="Width">Of its box.</param>
/// <param name="Height">Of its box.</param>
public sealed record Thing(string Shape, string Colour, int Left, int Top, int Width, int Height)
{
    /// <summary>As texts call it, without an article.</summary>
    public string Name => $"{Colour} {Shape}";
}

/// <summary>
/// A made picture: things of a shape and a colour that do not overlap, no two of which are of the same shape and colour. Everything of it, what is said about it
/// included, is a function of its number, so that data sets of any published format are made of scenes and known exactly.
/// </summary>
/// <param name="Id">Its number.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Things">From left to right.</param>
public sealed record Scene(int Id, int Width, int Height, IReadOnlyList<Thing> Things)
{
    private static readonly SKColor Ground = new(236, 236, 228);

    /// <summary>What things can be.</summary>
    public static IReadOnlyList<string> Shapes { get; } = ["circle", "square", "triangle", "cross"];

    /// <summary>What colours they can have.</summary>
    public static IReadOnlyList<string> Colours { get; } = ["red", "green", "blue", "yellow", "black", "purple"];

    /// <summary>The scene of a number, with one to three things.</summary>
    /// <param name="id">Its number, from 0.</param>
    /// <param name="width">Pixels across, 48 or more.</param>
    /// <param name="height">Pixels down, 32 or more.</param>
    /// <param name="things">How many things; null for what the number says.</param>
    public static Scene Make(int id, int width = 96, int height = 64, int? things = null)
    {
        var random = new Dice(id);
        int count = things ?? 1 + random.Below(3);
        int[] kinds = random.Several(Shapes.Count * Colours.Count, count);
        int cell = width / count;
        return new Scene(id, width, height, [.. kinds.Select((kind, place) =>
        {
            int side = Math.Max(10, Math.Min(cell, height) * (4 + random.Below(4)) / 10);
            int left = (place * cell) + random.Below(Math.Max(1, cell - side));
            return new Thing(Shapes[kind % Shapes.Count], Colours[kind / Shapes.Count], left, random.Below(height - side + 1), side, side);
        })]);
    }

    /// <summary>The picture, losslessly.</summary>
    public byte[] Png() => Encode(SKEncodedImageFormat.Png);

    /// <summary>The picture as cameras store it.</summary>
    public byte[] Jpeg() => Encode(SKEncodedImageFormat.Jpeg);

    /// <summary>Red, green and blue of every pixel, row by row.</summary>
    public byte[] Rgb()
    {
        using SKBitmap bitmap = Draw();
        return [.. bitmap.Pixels.SelectMany(pixel => (byte[])[pixel.Red, pixel.Green, pixel.Blue])];
    }

    private static SKColor ColourOf(string name) => name switch
    {
        "red" => new SKColor(214, 40, 40),
        "green" => new SKColor(42, 150, 60),
        "blue" => new SKColor(40, 80, 210),
        "yellow" => new SKColor(240, 200, 30),
        "purple" => new SKColor(140, 50, 170),
        _ => new SKColor(25, 25, 25),
    };

    private byte[] Encode(SKEncodedImageFormat format)
    {
        using SKBitmap bitmap = Draw();
        using SKData data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    private SKBitmap Draw()
    {
        var bitmap = new SKBitmap(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Ground);
        foreach (Thing thing in Things)
        {
            using var paint = new SKPaint { Color = ColourOf(thing.Colour), IsAntialias = true };
            (float left, float top, float right, float bottom) = (thing.Left, thing.Top, thing.Left + thing.Width, thing.Top + thing.Height);
            (float x, float y) = ((left + right) / 2, (top + bottom) / 2);
            switch (thing.Shape)
            {
                case "circle":
                    canvas.DrawOval(new SKRect(left, top, right, bottom), paint);
                    break;
                case "triangle":
                    using (var builder = new SKPathBuilder())
                    {
                        builder.MoveTo(x, top);
                        builder.LineTo(right, bottom);
                        builder.LineTo(left, bottom);
                        builder.Close();
                        using SKPath path = builder.Detach();
                        canvas.DrawPath(path, paint);
                    }

                    break;
                case "cross":
                    float third = thing.Width / 6f;
                    canvas.DrawRect(new SKRect(x - third, top, x + third, bottom), paint);
                    canvas.DrawRect(new SKRect(left, y - third, right, y + third), paint);
                    break;
                default:
                    canvas.DrawRect(new SKRect(left, top, right, bottom), paint);
                    break;
            }
        }

        return bitmap;
    }
}
