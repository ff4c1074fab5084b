using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace UniPT.Cli.CommandLine;

/// <summary>An option that takes a whole number of a range.</summary>
internal sealed class WholeNumberOption : Option<int>
{
    private readonly int _min;
    private readonly int _max;

    internal WholeNumberOption(string name, string description, int value, int min, int max) : base(name)
    {
        (_min, _max) = (min, max);
        Description = description;
        HelpName = "n";
        DefaultValueFactory = _ => value;
        CustomParser = Read;
    }

    private int Read(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < _min || value > _max)
        {
            result.AddError($"{Name} is {text}, expected a whole number from {_min} to {_max}");
        }

        return value;
    }
}
