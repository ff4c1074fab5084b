// A parallel network beside a TorchSharp model of one's own learns how bright a picture is; then it is saved and loaded.
using TorchSharp;
using UniPT;
using UniPT.Backbones.UserModels;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;
using static TorchSharp.torch;

string folder = args.FirstOrDefault() ?? "adapters/own-module";
TensorMemory.Watch(); // counts every tensor that is made from here on
TorchRuntime.ManualSeed(1);

using var model = new Stages(); // in earnest with pretrained weights
using Tensor example = torch.rand(2, 3, 32, 32);
using var backbone = new ModuleBackbone(model, example, "stage1", "stage2", "stage3"); // read, never trained or recorded
using TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 32 }).Attach(backbone.Streams["image"], output: 1);
using var optimizer = new AdamW([new ParameterGroup(tuned.TrainedParameters(), weightDecay: 1e-4)]); // or one of torch.optim

tuned.train();
for (int step = 1; step <= 30; step++)
{
    using DisposeScope scope = torch.NewDisposeScope(); // frees what the step makes
    Tensor brightness = torch.rand(16, 1, 1, 1);
    Tensor images = torch.rand(16, 3, 32, 32) * brightness;

    Tensor features = tuned.forward(images); // [B, cells, 1]
    Tensor loss = nn.functional.mse_loss(features.mean([1]), brightness.flatten(1));
    optimizer.ZeroGrad();
    loss.Backward();
    optimizer.Step(learningRate: 3e-3);
    Console.WriteLine($"step {step}: loss {loss.Item():f4}");
}

tuned.eval();
tuned.Save(folder);
using TunedBackbone loaded = new UniPTMethod(new UniPTOptions { Width = 32 }).Attach(backbone.Streams["image"], output: 1);
loaded.Load(folder); // refuses other weights of the model, and compares what it gives
loaded.eval();
using Tensor difference = (tuned.forward(example) - loaded.forward(example)).abs().max();
Console.WriteLine($"loaded: differs by {difference.Item():f4}; tensors took {(TensorMemory.Available ? ByteSize.Format(TensorMemory.Peak()) : "an unmeasured amount")} at most");

/// <summary>Maps of falling size in three stages.</summary>
internal sealed class Stages : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> stage1 = nn.Sequential(nn.Conv2d(3, 16, 3, stride: 2L, padding: 1L), nn.ReLU());
    private readonly nn.Module<Tensor, Tensor> stage2 = nn.Sequential(nn.Conv2d(16, 32, 3, stride: 2L, padding: 1L), nn.ReLU());
    private readonly nn.Module<Tensor, Tensor> stage3 = nn.Sequential(nn.Conv2d(32, 64, 3, stride: 2L, padding: 1L), nn.ReLU());

    public Stages() : base("Stages") => RegisterComponents();

    public override Tensor forward(Tensor images) => stage3.call(stage2.call(stage1.call(images))); // hooks see call, not forward
}
