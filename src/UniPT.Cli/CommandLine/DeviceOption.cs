using System.CommandLine;
using System.CommandLine.Parsing;
using UniPT.Training.Recipes;

namespace UniPT.Cli.CommandLine;

/// <summary>Where to compute.</summary>
internal sealed class DeviceOption : Option<DeviceKind?>
{
    internal DeviceOption() : base("--device")
    {
        Description = "Where to compute: cpu or cuda; by default what the recipe says.";
        HelpName = "name";
        CustomParser = Read;
    }

    private static DeviceKind? Read(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (text is not ("cpu" or "cuda"))
        {
            result.AddError($"--device is {text}, expected cpu or cuda");
        }

        return text == "cuda" ? DeviceKind.Cuda : DeviceKind.Cpu;
    }
}
