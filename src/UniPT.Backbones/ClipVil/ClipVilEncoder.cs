using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Backbones.Layers;
using UniPT.Backbones.ResNet;
using UniPT.Torch;

namespace UniPT.Backbones.ClipVil;

/// <summary>
/// Clip-ViL's network of pictures and questions (Shen et al., arXiv 2107.06383), under the names of its published pretraining: a question's word vectors and the
/// cells of the last map of CLIP's ResNet go through BERT's layers together. Takes pixels, tokens and, where questions are padded, their mask. Hidden states are
/// the joint embedding and the output of every layer, <c>[B, N + cells, D]</c>: the question's tokens, then the cells row by row. Black borders of a
/// picture are cells like others.
/// </summary>
public sealed class ClipVilEncoder : Backbone
{
    private static readonly string[] Heads = ["cls.", "obj_predict_head.", "answer_head.", "logit_fc."];

    // As pretrained, as fine-tuned by the published code, and bare.
    private static readonly string[][] Places = [["bert"], ["lxrt_encoder", "model", "bert"], []];
    private readonly ClipVilConfig _config;
    private readonly ResNetTrunk _trunk;
    private readonly GridPositions _positions;
    private readonly JointNetwork _joint;

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Where <c>embeddings</c>, <c>encoder</c> and <c>pooler</c> stand.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ClipVilEncoder(Weights weights, ClipVilConfig config) : base(weights.Store)
    {
        _config = config;
        Weights encoder = weights / "encoder";
        _trunk = ClipResNet.Trunk(encoder / "visual_model" / "visual", config.Image);
        _positions = new GridPositions(encoder / "visual_pos", config.GridPositions, config.Image.Channels);
        _joint = new JointNetwork(weights, config.Joint, config.Image.Channels);
        string[] names = _joint.Encoder.Names;
        Streams = new(new BackboneStream(this, BackboneStream.Joint, HiddenLayout.Tokens, [.. names.Select(_ => config.Joint.Width)], names)
        {
            Blocks = _joint.Encoder.Points,
            Prompt = _joint.Prompt,
            Cut = Cut,
        });
    }

    /// <summary>As recipes name it; the checkpoint may hold heads of pretraining, a classifier, all of CLIP and, among the layers, what UniPT adds.</summary>
    public static BackboneArchitecture Architecture { get; } = new("clip_vil", [BackboneStream.Joint], weights =>
    {
        foreach (string head in Heads)
        {
            weights.Ignore(head);
        }

        Weights[] places = [.. Places.Select(names => names.Aggregate(weights, (place, name) => place / name))];
        Weights found = places.FirstOrDefault(place => place.Contains("embeddings.word_embeddings.weight")) ?? places[0];
        Weights clip = found / "encoder" / "visual_model";
        ClipCheckpoint.IgnoreText(clip);
        clip.Ignore("visual.attnpool.");
        found.Ignore("encoder.side_");
        return new ClipVilEncoder(found, ClipVilConfig.Of(found));
    }, BertTokenizer.Open);

    /// <inheritdoc/>
    public override string Name => Architecture.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    public override int? Vocabulary => _config.Joint.Vocabulary;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OfPooled => _joint.PoolerWeights;

    /// <inheritdoc/>
    public override bool HasRunningStatistics => _config.Image.BatchStatistics;

    /// <summary>The pooler's map of the first token, without BERT's tanh, <c>[B, N, D] → [B, D]</c>: of the last hidden state, or of what a method makes of it.</summary>
    public Tensor Pool(Tensor tokens) => _joint.Pool(tokens);

    private CutBackbone Cut(int block) => new(
        Streams.Only, block, input => Run(input, ..block), (state, mask) => _joint.Encoder.Forward(state, mask, block..)[^1]);

    /// <inheritdoc/>
    protected override long ExamplesAtOnce(BackboneInput input) => PixelInput.PicturesAtOnce(input);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input) => new(BackboneStream.Joint, Run(input, ..));

    private HiddenStates Run(BackboneInput input, Range layers)
    {
        TokenSequence text = Text(input);
        Tensor pixels = Pixels(input);
        return pixels.size(0) == text.Ids.size(0)
            ? _joint.Forward(text, Cells(pixels), layers)
            : throw new UserException($"{Name} takes one text for every picture; it was given {pixels.size(0)} pictures and {text.Ids.size(0)} texts.");
    }

    /// <summary>The cells of the pictures, <c>[B, cells, C]</c>; the image tower's maps are freed.</summary>
    private Tensor Cells(Tensor pixels)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor normalized = _config.Image.NormalizesPixels ? ClipPixels.Normalize(pixels) : pixels;
        return scope.MoveToOuter(_positions.forward(_trunk.Last(normalized.to(Type))));
    }

    private TokenSequence Text(BackboneInput input)
    {
        Prompt prompt = _joint.Prompt;
        var text = new TokenSequence(Name, input, prompt);
        return input.Tokens.size(1) <= prompt.Room
            ? text
            : throw new UserException(
                $"{Name} has positions for {prompt.Positions} tokens{(prompt.Count > 0 ? $", of which a prompt takes {prompt.Count}" : "")}; it was given texts of {input.Tokens.size(1)}.");
    }

    private Tensor Pixels(BackboneInput input)
    {
        Tensor pixels = PixelInput.Require(Name, input, ResNetTrunk.CoarsestStride);
        int largest = _config.GridPositions * ResNetTrunk.CoarsestStride;
        return pixels.size(2) <= largest && pixels.size(3) <= largest
            ? pixels
            : throw new UserException(
                $"{Name} has positions for {_config.GridPositions} × {_config.GridPositions} cells, so for pictures of {largest} × {largest} pixels at most; it was given [{string.Join(", ", pixels.shape)}].");
    }
}
