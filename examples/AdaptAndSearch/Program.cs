// Adapts two pretrained towers to pictures and captions, then searches the test pictures.
using UniPT.Reports;
using UniPT.Tasks.Shared.Search;
using UniPT.Training;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

string folder = Path.Combine("runs", $"example-{DateTime.Now:yyyyMMdd-HHmmss}");
Recipe recipe = Recipe.Load("recipes/emoji/unipt.yaml", overrides: args); // such as train.epochs=5
RunResult run = await Trainer.RunAsync(recipe, folder);
Console.WriteLine($"rSum {run.Test["rsum"]:f1}; tensors of a training step: {Units.Bytes(run.StepMemory.Peak)}");

using SearchIndex index = SearchIndex.Open(Path.Combine(folder, "adapter"));
foreach (SearchHit hit in index.ByText("a red fruit", count: 5))
{
    Console.WriteLine($"{hit.Score:f3}  {hit.Name}  {hit.Captions[0]}");
}
