namespace UniPT.Testing.World;

/// <summary>A made film: a scene of which one thing moves.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Frames">What is seen, one after the other.</param>
/// <param name="Moving">The thing that moves, as it stands in the first frame.</param>
/// <param name="Direction"><c>left</c>, <c>right</c>, <c>up</c> or <c>down</c>.</param>
public sealed record Film(int Id, IReadOnlyList<Scene> Frames, Thing Moving, string Direction)
{
    private static readonly string[] Directions = ["left", "right", "up", "down"];

    /// <summary>The film of a number.</summary>
    /// <param name="id">Its number, from 0.</param>
    /// <param name="frames">How many frames.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    public static Film Make(int id, int frames = 4, int width = 64, int height = 48)
    {
        var random = new Dice(id ^ 0xF11);
        Scene first = Scene.Make(id, width, height, 1 + random.Below(2));
        int place = random.Below(first.Things.Count);
        string direction = random.One(Directions);
        Thing moving = first.Things[place];
        return new Film(id, [.. Enumerable.Range(0, frames).Select(frame =>
        {
            int way = frame * 3;
            Thing now = direction switch
            {
                "left" => moving with { Left = Math.Max(0, moving.Left - way) },
                "right" => moving with { Left = Math.Min(width - moving.Width, moving.Left + way) },
                "up" => moving with { Top = Math.Max(0, moving.Top - way) },
                _ => moving with { Top = Math.Min(height - moving.Height, moving.Top + way) },
            };
            return first with { Things = [.. first.Things.Select((thing, i) => i == place ? now : thing)] };
        })], moving, direction);
    }

    /// <summary>Different sentences about it, all true.</summary>
    public IReadOnlyList<string> Captions(int count = 5)
    {
        string[] captions =
        [
            $"a {Moving.Name} moves {Direction}", $"the {Moving.Name} moves to the {Direction}", .. Frames[0].Captions(3), $"{Direction} moves the {Moving.Name}",
        ];
        return [.. captions.Distinct().Take(count)];
    }
}
