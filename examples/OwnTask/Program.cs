// A task of one's own: which class a picture belongs to, told by the folder that it lies in. With it, recipes, every method, resuming,
// adapters, planning and comparison work as for the tasks that come along.
using OwnTask;
using UniPT.Training;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;

TaskRegistry.Register(PictureClasses.Registration);
Recipe recipe = Recipe.Load(args[0], overrides: args[2..]);
RunResult run = await Trainer.RunAsync(recipe, folder: args[1]);
Console.WriteLine($"{run.Method}: {run.TestSplit} accuracy {run.Test["accuracy"]:f1}");
Console.WriteLine($"again, from the saved adapter: {Evaluation.Run(Path.Combine(args[1], "adapter"), split: run.TestSplit)["accuracy"]:f1}");
