using System.Diagnostics;
using System.Text.Json.Nodes;
using UniPT.Backbones;
using UniPT.Backbones.Clip;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Benchmarks;

/// <summary>
/// A whole training step of UniPT on CLIP4Clip at published size, with random weights: seconds, and the peak of its tensor bytes
/// beyond the weights. The same work on the same shapes as <c>peers/clip4clip_step.py</c>, whose description holds for both.
/// </summary>
internal static class Clip4ClipStep
{
    private const int Start = 49406;
    private const int End = 49407;
    private const double Rate = 1e-4;
    private static readonly double LargestScale = Math.Log(100);

    /// <param name="precision">What the frozen towers compute in.</param>
    /// <param name="sizes">Of the batch and the towers.</param>
    internal static JsonObject Run(ScalarType precision, Clip4ClipSizes sizes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(0);
        using var model = new Model(sizes, precision);

        // Weights are from before, so they do not count; batch, gradients and the optimizer's state do. They are all there in the
        // second step, which is like every later one.
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        Batch batch = RandomBatch(sizes);
        using BertAdam optimizer = OptimizerOf(model.Trained);
        var schedule = new BertSchedule(BertScheduleKind.WarmupCosine, Rate, 1000, 0.1);
        int done = 0;
        double Next() => Step(model, batch, optimizer, schedule.At(done++));
        Next();
        Next();
        long? peak = TensorMemory.PeakAbove(before);
        double[] seconds = [.. Enumerable.Range(0, sizes.Steps).Select(_ => Next()).Order()];
        return new JsonObject
        {
            ["benchmark"] = "CLIP4Clip training step",
            ["precision"] = precision == ScalarType.Float32 ? "float32" : "frozen towers bfloat16, else float32",
            ["batch"] = sizes.Batch,
            ["frames"] = sizes.Frames,
            ["words"] = sizes.Words,
            ["image_size"] = sizes.Resolution,
            ["layers"] = sizes.Layers,
            ["steps"] = sizes.Steps,
            ["parameters"] = model.Trained.ParameterCount,
            ["frozen_parameters"] = model.FrozenParameters,
            ["batch_bytes"] = batch.Bytes,
            ["gradient_bytes"] = optimizer.Parameters.Sum(parameter => parameter.grad!.ByteCount()),
            ["optimizer_bytes"] = optimizer.ByteCount,
            ["peak_bytes"] = peak,
            ["seconds"] = seconds[sizes.Steps / 2],
            ["fastest"] = seconds[0],
        };
    }

    private static double Step(Model model, Batch batch, BertAdam optimizer, double rate)
    {
        long start = Stopwatch.GetTimestamp();
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            Tensor loss = model.Loss(batch);
            loss.Backward();
            if (!double.IsFinite(loss.Item()))
            {
                throw new InvalidOperationException($"the loss is {loss.Item()}");
            }

            nn.utils.clip_grad_norm_(optimizer.Parameters, 1);
            optimizer.Step(rate);

            // Gradients are kept and filled with zeros, as the peer does.
            foreach (Parameter parameter in optimizer.Parameters)
            {
                parameter.grad!.zero_();
            }

            model.ClampScale();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static BertAdam OptimizerOf(WeightStore trained)
    {
        static bool IsBias(string name) => name.EndsWith("bias", StringComparison.Ordinal);
        return new BertAdam(
            [
                new ParameterGroup(trained.Trainable.Where(pair => !IsBias(pair.Key)).ToDictionary(), 0.2),
                new ParameterGroup(trained.Trainable.Where(pair => IsBias(pair.Key)).ToDictionary(), 0),
            ],
            beta2: 0.98);
    }

    /// <summary>The first caption is of full length, each later one three tokens shorter.</summary>
    private static Batch RandomBatch(Clip4ClipSizes sizes)
    {
        var random = new Random(0);
        int[] lengths = [.. Enumerable.Range(0, sizes.Batch).Select(row => sizes.Words - (3 * row % (sizes.Words - 2)))];
        long[] ids = [.. lengths.SelectMany(length => Enumerable.Range(0, sizes.Words).Select(i =>
            i == 0 ? Start : i == length - 1 ? End : i < length ? (long)random.Next(1, Start) : 0))];
        return new Batch(
            new BackboneInput(TensorData.From(ids, sizes.Batch, sizes.Words), lengths),
            torch.randn([sizes.Batch, sizes.Frames, 3, sizes.Resolution, sizes.Resolution]),
            torch.ones(sizes.Batch, sizes.Frames));
    }

    /// <param name="Captions">Token ids <c>[B, words]</c> and their lengths.</param>
    /// <param name="Pixels"><c>[B, frames, 3, H, W]</c>.</param>
    /// <param name="Mask">1 for real frames, <c>[B, frames]</c>.</param>
    private sealed record Batch(BackboneInput Captions, Tensor Pixels, Tensor Mask)
    {
        internal long Bytes => Captions.Values.ByteCount() + Pixels.ByteCount() + Mask.ByteCount();
    }

    /// <summary>Frozen towers, a parallel network beside each, and the loss of matching captions and videos.</summary>
    private sealed class Model : IDisposable
    {
        private readonly WeightStore _frozen;
        private readonly Tensor _logitScale;
        private readonly TunedBackbone _captions;
        private readonly TunedBackbone _frames;

        internal Model(Clip4ClipSizes sizes, ScalarType precision)
        {
            Weights frozen = Weights.Fresh(0);
            var clip = new ClipModel(
                frozen,
                new ClipVitConfig { Resolution = sizes.Resolution, Layers = sizes.Layers, NormalizesPixels = false },
                new ClipTextConfig { Layers = sizes.Layers });
            (_frozen, _logitScale) = (frozen.Store, clip.LogitScale);
            using (torch.no_grad())
            {
                _logitScale.fill_(Scalars.Of(LargestScale));
            }

            foreach (Parameter parameter in _frozen.Parameters.Values.Where(parameter => !ReferenceEquals(parameter, _logitScale)))
            {
                parameter.requires_grad = false;
            }

            // What trains stays float32, and for this moment the scale does.
            _frozen.Convert(precision);
            _logitScale.requires_grad = false;

            Weights trained = Weights.Fresh(1);
            Trained = trained.Store;
            Trained.train(true);
            var method = new UniPTMethod(new UniPTOptions { Form = PublishedForm.Clip4clip, Width = 512 });
            _captions = method.Attach(clip.Text.Streams.Only, trained / "text", 512);
            _frames = method.Attach(clip.Image.Streams.Only, trained / "image", 512);
        }

        internal WeightStore Trained { get; }

        internal long FrozenParameters => _frozen.ParameterCount;

        public void Dispose()
        {
            _frozen.Dispose();
            Trained.Dispose();
        }

        internal Tensor Loss(Batch batch)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor captions = _captions.forward(batch.Captions).Tokens.squeeze(1);
            Tensor frames = _frames.forward(new BackboneInput(batch.Pixels.flatten(0, 1))).Tokens.view(batch.Mask.size(0), batch.Mask.size(1), -1);
            Tensor similarity = Similarity(captions, frames, batch.Mask);
            Tensor both = similarity.log_softmax(1).diag().mean().Add(similarity.t().log_softmax(1).diag().mean());
            return scope.MoveToOuter(both / Scalars.Of(-2));
        }

        internal void ClampScale()
        {
            using IDisposable unrecorded = torch.no_grad();
            _logitScale.clamp_max_(Scalars.Of(LargestScale));
        }

        /// <summary>Captions to the means of their videos' normalised frames, <c>[B, B]</c>.</summary>
        private Tensor Similarity(Tensor captions, Tensor frames, Tensor mask)
        {
            Tensor counts = mask.sum(1, true).clamp_min(Scalars.Of(1));
            Tensor videos = Normalised((Normalised(frames) * mask.unsqueeze(-1)).sum(1) / counts);
            return Normalised(captions).MatMul(videos.t()) * _logitScale.exp();
        }

        private static Tensor Normalised(Tensor tensor) => tensor / tensor.norm(-1, true);
    }
}

/// <summary>The sizes of the step; without changes those of the published training on 8 videos.</summary>
internal sealed record Clip4ClipSizes(int Batch = 8, int Frames = 12, int Words = 32, int Resolution = 224, int Layers = 12, int Steps = 5);
