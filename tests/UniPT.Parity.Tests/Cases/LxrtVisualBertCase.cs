using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.ClipVil;
using UniPT.Tasks.Questions;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Clip-ViL behind its image tower: embeddings, joint layers, pooler and the head for answers, with every gradient.</summary>
internal sealed class LxrtVisualBertCase : IParityCase
{
    public string Name => "lxrt-visualbert";

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        var sizes = new ClipVilConfig
        {
            Joint = new BertConfig
            {
                Vocabulary = config.Number("vocab_size"),
                Positions = config.Number("max_position"),
                Width = config.Number("hidden_size"),
                Layers = config.Number("layers"),
                Heads = config.Number("heads"),
                FeedForward = config.Number("intermediate_size"),
                Epsilon = config.Real("layernorm_eps"),
            },
        };
        ModuleParity.Check(file, Forward, ClipVilRecording.Name);

        IReadOnlyDictionary<string, Tensor> Forward(Weights weights)
        {
            var joint = new JointNetwork(weights, sizes.Joint, config.Number("visual_feat_dim"));
            var head = new AnswerHead(weights / "logit_fc", sizes.Joint.Width, config.Number("answers"));
            var text = new TokenSequence(Name, BackboneInput.Texts(file.Input("input_ids"), file.Input("attention_mask"), file.Input("token_type_ids")), joint.Prompt);
            HiddenStates states = joint.Forward(text, file.Input("visn_feats"), ..);
            Dictionary<string, Tensor> outputs = RecordedStates.Named(states);
            Tensor pooled = joint.Pool(states.Layers[^1]);
            (long words, long cells) = (text.Width, file.Input("visn_feats").size(1));
            outputs.Add("lang_out", states.Layers[^1].narrow(1, 0, words));
            outputs.Add("visn_out", states.Layers[^1].narrow(1, words, cells));
            outputs.Add("pooled", pooled);
            outputs.Add("logits", head.forward(pooled));
            return outputs;
        }
    }
}
