using UniPT.Tasks.VideoRetrieval;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Mean pooling over frames, logits and both halves of the loss.</summary>
internal sealed class Clip4ClipSimilarityCase : IParityCase
{
    public string Name => "clip4clip-sim";

    public void Check(GoldenFile file) => ModuleParity.Check(file, _ =>
    {
        Tensor videos = VideoTextSimilarity.Pool(file.Input("visual_output"), file.Input("video_mask"));
        Tensor logits = VideoTextSimilarity.Logits(file.Input("sequence_output").squeeze(1), videos, file.Input("logit_scale"));
        (Tensor textToVideo, Tensor videoToText) = VideoTextSimilarity.Losses(logits);
        return new Dictionary<string, Tensor>
        {
            ["logits"] = logits,
            ["loss_t2v"] = textToVideo,
            ["loss_v2t"] = videoToText,
            ["loss"] = (textToVideo + videoToText) / Scalars.Of(2),
        };
    });
}
