// A parallel network beside a TorchScript file learns which token a text holds more of; then it is saved and loaded.
using TorchSharp;
using UniPT.Backbones.UserModels;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;
using static TorchSharp.torch;

string file = args.FirstOrDefault() ?? "tests/fixtures/torchscript/encoder.pt"; // its forward gives (embedded, first, second), each [B, N, 16]
string folder = args.Skip(1).FirstOrDefault() ?? "adapters/own-script";
TensorMemory.Watch(); // counts every tensor that is made from here on
TorchRuntime.ManualSeed(1);

using Tensor example = Texts(rows: 2);
using ScriptBackbone backbone = ScriptBackbone.Open(file, example, allowPrograms: true); // such a file is a program
using TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 32 }).Attach(backbone.Streams["text"], output: 2);
using var optimizer = new AdamW([new ParameterGroup(tuned.TrainedParameters())]);

tuned.train();
for (int step = 1; step <= 30; step++)
{
    using DisposeScope scope = torch.NewDisposeScope();
    Tensor texts = Texts(rows: 64);
    Tensor label = texts.sum(1L).to(ScalarType.Float32).gt(Scalars.Of(4)).to(ScalarType.Int64);

    Tensor loss = nn.functional.cross_entropy(tuned.forward(texts).mean([1]), label);
    optimizer.ZeroGrad();
    loss.Backward();
    optimizer.Step(learningRate: 1e-2);
    Console.WriteLine($"step {step}: loss {loss.Item():f4}");
}

tuned.eval();
tuned.Save(folder);
using TunedBackbone loaded = new UniPTMethod(new UniPTOptions { Width = 32 }).Attach(backbone.Streams["text"], output: 2);
loaded.Load(folder); // refuses another file, and compares what it gives
loaded.eval();
using Tensor difference = (tuned.forward(example) - loaded.forward(example)).abs().max();
Console.WriteLine($"loaded: differs by {difference.Item():f4}");

// Nine tokens each, zeros and ones.
static Tensor Texts(int rows) => torch.randint(0, 2, new Size([rows, 9]), dtype: ScalarType.Int64);
