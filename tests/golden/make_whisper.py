"""Records Whisper's encoder composed of torch.nn modules: every hidden state and all gradients, at two sizes."""
import torch
from torch import nn
from torch.nn.utils.stateless import functional_call

from recording import record

NOTES = (
    "Parameter names as in Hugging Face's state dict below 'model.encoder.'. x = gelu(conv1(frames)) (kernel 3, padding 1), gelu(conv2(x)) (kernel 3, "
    "stride 2, padding 1), + the first rows of embed_positions.weight = hidden.0. Layers: x + attention(LN(x)), x + fc2(gelu(fc1(LN(x)))), exact gelu, "
    "q, v and out with bias, k without. hidden.i = after layer i, the last one through layer_norm, as output_hidden_states has it. "
    "Without lengths all tokens attend to all; with them a token counts if its middle frame (2t) does, and keys of others are hidden."
)


def attend(state, prefix, heads, given, hidden):
    """torch.nn.MultiheadAttention, whose projections stand in one tensor and have a bias each: that of the keys is 0."""
    width = given.shape[-1]
    module = nn.MultiheadAttention(width, heads, batch_first=True).to(given.dtype)
    q, k, v = (state[f"{prefix}.{name}_proj.weight"] for name in "qkv")
    bias = torch.cat([state[f"{prefix}.q_proj.bias"], torch.zeros(width, dtype=given.dtype), state[f"{prefix}.v_proj.bias"]])
    own = {"in_proj_weight": torch.cat([q, k, v]), "in_proj_bias": bias,
           "out_proj.weight": state[f"{prefix}.out_proj.weight"], "out_proj.bias": state[f"{prefix}.out_proj.bias"]}
    return functional_call(module, own, (given, given, given), {"key_padding_mask": hidden, "need_weights": False})[0]


def make(name, bands, width, heads, layers, inner, positions, batch, frames, lengths, seed):
    torch.manual_seed(seed)
    modules = {
        "conv1": nn.Conv1d(bands, width, 3, padding=1),
        "conv2": nn.Conv1d(width, width, 3, stride=2, padding=1),
        "embed_positions": nn.Embedding(positions, width),
        "layer_norm": nn.LayerNorm(width),
    }
    for i in range(layers):
        for part, module in {
            "self_attn_layer_norm": nn.LayerNorm(width), "final_layer_norm": nn.LayerNorm(width),
            "fc1": nn.Linear(width, inner), "fc2": nn.Linear(inner, width),
            **{f"self_attn.{part}_proj": nn.Linear(width, width, bias=part != "k") for part in ("q", "k", "v", "out")},
        }.items():
            modules[f"layers.{i}.{part}"] = module
    parameters = {f"{place}.{key}": value.detach() for place, module in modules.items() for key, value in module.named_parameters()}
    for key, value in parameters.items():
        if "norm" in key:  # else 1 and 0, which hide mistakes
            parameters[key] = value + 0.3 * torch.randn(value.shape)

    def forward(state, given):
        def part(place, value):
            return functional_call(modules[place], {key: state[f"{place}.{key}"] for key, _ in modules[place].named_parameters()}, (value,))

        x = nn.functional.gelu(part("conv1", given["signal"].transpose(1, 2)))
        x = nn.functional.gelu(part("conv2", x)).transpose(1, 2)
        x = x + state["embed_positions.weight"][: x.shape[1]]
        hidden = None
        if lengths:
            hidden = torch.stack([2 * torch.arange(x.shape[1]) >= length for length in lengths])
        found = [x]
        for i in range(layers):
            at = f"layers.{i}"
            x = x + attend(state, f"{at}.self_attn", heads, part(f"{at}.self_attn_layer_norm", x), hidden)
            x = x + part(f"{at}.fc2", nn.functional.gelu(part(f"{at}.fc1", part(f"{at}.final_layer_norm", x))))
            found.append(x)
        found[-1] = part("layer_norm", x)
        return {f"hidden.{i}": value for i, value in enumerate(found)}

    config = {"num_mel_bins": bands, "d_model": width, "encoder_attention_heads": heads, "encoder_layers": layers, "encoder_ffn_dim": inner,
              "max_source_positions": positions, "lengths": lengths, "mode": "eval", "dtype": "float32"}
    inputs = {"signal": torch.randn(batch, frames, bands)}
    record(name, "whisper", f"PyTorch {torch.__version__}: torch.nn modules in the order of Hugging Face's WhisperEncoder", config, NOTES, parameters, inputs, forward, seed)


make("whisper", 6, 12, 3, 2, 20, 9, 2, 18, None, seed=201)
make("whisper-b", 5, 16, 2, 3, 24, 14, 3, 21, [21, 14, 9], seed=202)
