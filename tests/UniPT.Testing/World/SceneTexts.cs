namespace UniPT.Testing.World;

/// <summary>A question about a scene, with GQA's types.</summary>
/// <param name="Text">The question.</param>
/// <param name="Answer">The right answer.</param>
/// <param name="Structural">What it asks for: <c>query</c>, <c>verify</c>, <c>choose</c> or <c>compare</c>.</param>
/// <param name="Semantic">What it asks about: <c>attr</c>, <c>obj</c>, <c>rel</c> or <c>global</c>.</param>
/// <param name="Group">The kind of its answers, such as <c>color</c>; null where there is none.</param>
public sealed record Question(string Text, string Answer, string Structural, string Semantic, string? Group);

/// <summary>A text that means exactly one thing of a scene.</summary>
/// <param name="Text">Such as <c>the red circle left of the blue cross</c>.</param>
/// <param name="Thing">What it means.</param>
/// <param name="Begin">Where the words that name the thing begin, in characters.</param>
/// <param name="End">Behind where they end.</param>
public sealed record Expression(string Text, Thing Thing, int Begin, int End);

/// <summary>What can be said of scenes.</summary>
public static class SceneTexts
{
    /// <summary>Different captions, all true; there are at least five for every scene.</summary>
    public static IReadOnlyList<string> Captions(this Scene scene, int count = 5)
    {
        string[] named = [.. scene.Things.Select(thing => thing.Name)];
        string all = string.Join(" and ", named.Select(name => $"a {name}"));
        string backwards = string.Join(" and ", named.Reverse().Select(name => $"a {name}"));
        string plain = string.Join(", ", named);
        string size = named.Length == 1 ? "one thing" : $"{Number(named.Length)} things";
        string[] captions = [all, $"a picture of {backwards}", $"there is {all}", $"{size}: {plain}", $"{backwards} on a light ground", $"somebody drew {all}", $"{plain}"];
        return [.. captions.Distinct().Take(count)];
    }

    /// <summary>Questions about every thing of a scene and their relations.</summary>
    public static IReadOnlyList<Question> Questions(this Scene scene)
    {
        var random = new Dice(scene.Id ^ 0x5EED);
        var questions = new List<Question>
        {
            new("How many things are there?", $"{scene.Things.Count}", "query", "global", null),
        };
        foreach (Thing thing in scene.Things)
        {
            bool isOnly = scene.Things.Count(other => other.Shape == thing.Shape) == 1;
            if (isOnly)
            {
                questions.Add(new($"What color is the {thing.Shape}?", thing.Colour, "query", "attr", "color"));
            }

            if (scene.Things.Count(other => other.Colour == thing.Colour) == 1)
            {
                questions.Add(new($"What is the {thing.Colour} thing?", thing.Shape, "query", "obj", "shape"));
            }

            string other = random.One([.. Scene.Colours.Where(colour => colour != thing.Colour)]);
            questions.Add(new($"Is there a {thing.Name}?", "yes", "verify", "obj", null));
            if (isOnly)
            {
                questions.Add(new($"Is the {thing.Shape} {other}?", "no", "verify", "attr", null));
                questions.Add(new($"Is the {thing.Shape} {other} or {thing.Colour}?", thing.Colour, "choose", "attr", "color"));
            }
        }

        foreach ((Thing left, Thing right) in scene.Things.Zip(scene.Things.Skip(1)))
        {
            questions.Add(new($"Is the {left.Name} left of the {right.Name}?", "yes", "verify", "rel", null));
            questions.Add(new($"Is the {left.Name} right of the {right.Name}?", "no", "verify", "rel", null));
        }

        return questions;
    }

    /// <summary>One or two expressions for every thing.</summary>
    public static IReadOnlyList<Expression> Expressions(this Scene scene)
    {
        var expressions = new List<Expression>();
        for (int i = 0; i < scene.Things.Count; i++)
        {
            Thing thing = scene.Things[i];
            expressions.Add(Of($"the {thing.Name}", thing));
            if (i + 1 < scene.Things.Count)
            {
                expressions.Add(Of($"the {thing.Name} left of the {scene.Things[i + 1].Name}", thing));
            }
        }

        return expressions;

        static Expression Of(string text, Thing thing) => new(text, thing, 0, "the ".Length + thing.Name.Length);
    }

    /// <summary>All words that captions, questions and expressions are made of, in small letters, for the vocabularies of small tokenizers.</summary>
    public static IReadOnlyList<string> Words() =>
    [
        .. Scene.Shapes, .. Scene.Colours, "1", "2", "3", "a", "an", "and", "are", "color", "drew", "ground", "how", "is", "left", "light", "many", "moves", "of", "on", "one", "or",
        "picture", "right", "somebody", "the", "there", "thing", "things", "three", "to", "two", "up", "down", "what", "yes", "no", ",", ":", "?",
    ];

    private static string Number(int count) => count switch { 2 => "two", 3 => "three", _ => $"{count}" };
}
