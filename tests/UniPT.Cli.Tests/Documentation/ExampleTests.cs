using System.Globalization;
using System.Text.RegularExpressions;
using SkiaSharp;
using UniPT.Testing;

namespace UniPT.Cli.Tests.Documentation;

public sealed class ExampleTests
{
    private const string Script = "tests/fixtures/torchscript/encoder.pt";

    [Fact]
    public void OwnLoopLearns() => Learns("OwnLoop");

    [Fact]
    public void OwnModuleLearnsAndIsLoaded()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("loaded: differs by 0.0000", Learns("OwnModule", folder.File("adapter")));
        Assert.True(File.Exists(folder.File("adapter", "adapter_config.json")));
    }

    [Fact]
    public void OwnScriptLearnsAndIsLoaded()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("loaded: differs by 0.0000", Learns("OwnScript", Script, folder.File("adapter")));
        Assert.True(File.Exists(folder.File("adapter", "adapter_config.json")));
    }

    /// <summary>A program outside of this project registers a task of its own, trains it and opens its adapter.</summary>
    [Fact]
    public void OwnTaskLearnsColours()
    {
        using var folder = new TemporaryFolder();
        foreach (string split in new[] { "train", "val" })
        {
            foreach ((string label, SKColor colour) in new[] { ("blue", SKColors.Blue), ("red", SKColors.Red), ("yellow", SKColors.Yellow) })
            {
                string pictures = Directory.CreateDirectory(folder.File("data", split, label)).FullName;
                for (int i = 0; i < 4; i++)
                {
                    using var bitmap = new SKBitmap(40, 40);
                    bitmap.Erase(colour);
                    using var canvas = new SKCanvas(bitmap);
                    canvas.DrawCircle(10 + (5 * i), 20, 6 + i, new SKPaint { Color = SKColors.White });
                    using FileStream file = File.Create(Path.Combine(pictures, $"{i}.png"));
                    bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
                }
            }
        }

        string recipe = folder.File("recipe.yaml");
        File.WriteAllText(recipe, $$"""
            name: colours
            threads: 1
            task: { name: picture_classes }
            data: { path: data, image_size: 32 }
            backbones:
              image: { architecture: mobilenet_v2, weights: {{Path.Combine(RepositoryPaths.Models, "mobilenet_v2.safetensors")}} }
            method: { name: unipt, width: 16 }
            train: { epochs: 10, batch_size: 6, learning_rate: 1e-2, cache: true }
            """);

        ToolResult result = Tool.RunProgram("OwnTask", [], recipe, folder.File("run"));

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("unipt: val accuracy 100.0", result.Output);
        Assert.Contains("again, from the saved adapter: 100.0", result.Output);
    }

    private static string Learns(string example, params string[] arguments)
    {
        ToolResult result = Tool.RunProgram(example, [], arguments);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Empty(result.Error);
        double[] losses = [.. Regex.Matches(result.Output, @"loss ([0-9.]+)").Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(30, losses.Length);
        Assert.True(losses[^5..].Average() < 0.5 * losses[..5].Average(), result.Output);
        return result.Output;
    }
}
