// A frozen MobileNetV2 with a parallel network beside it learns to say how bright a picture is.
using UniPT;
using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;

const int Pictures = 8;
const int Output = 64;

Backbone backbone = BackboneRegistry.Open("mobilenet_v2", "models/mobilenet_v2.safetensors");
using WeightStore pretrained = backbone.Store;

Weights weights = Weights.Fresh(seed: 1);
using WeightStore trained = weights.Store;
TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 128 }).Attach(backbone.Streams["image"], weights / "unipt", Output);
var head = new Linear(weights / "head", Output, 1);
using var optimizer = new AdamW([new ParameterGroup(trained.Parameters, WeightDecay: 1e-4)]);

trained.train(true);
TorchRuntime.ManualSeed(1);
for (int step = 1; step <= 30; step++)
{
    using DisposeScope scope = torch.NewDisposeScope(); // frees what the step makes
    Tensor brightness = torch.rand(Pictures, 1, 1, 1);
    Tensor images = torch.rand(Pictures, 3, 64, 64) * brightness; // RGB, 0 to 1

    Tensor features = tuned.forward(BackboneInput.Pictures(images)).Tokens; // [B, cells, 64]; the backbone is not recorded
    Tensor loss = (head.forward(features.mean([1])) - brightness.flatten(1)).pow(2).mean();

    optimizer.ZeroGrad();
    loss.Backward();
    optimizer.Step(learningRate: 1e-3);
    Console.WriteLine($"step {step}: loss {loss.Item():f4}");
}

Console.WriteLine(TensorMemory.Available ? $"tensors took {ByteSize.Format(TensorMemory.Peak())} at most" : "tensors: not measured on this system");
