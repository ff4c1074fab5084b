"""Records torch.nn.GRU and torch.nn.LSTM on packed sequences: every layer's outputs and all gradients, at two sizes each."""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from recording import record

NOTES = (
    "PyTorch's module over packed sequences: each row only over its own length, the way back starting at its last step; behind it outputs are 0. "
    "hidden.i = the outputs of layer i, the way forward first; with a vocabulary hidden.0 = the embedding and the layers follow. "
    "Layers were run one by one with the stack's parameters, and the last agrees with the stack run as a whole. Without lengths nothing is packed."
)


def make(name, cell, layers, width, channels, bidirectional, bias, batch, steps, lengths, vocabulary, seed):
    torch.manual_seed(seed)
    kind = {"gru": nn.GRU, "lstm": nn.LSTM}[cell]
    stack = kind(channels, width, layers, bias=bias, bidirectional=bidirectional, batch_first=True)
    parameters = {f"rnn.{key}": value.detach() for key, value in stack.named_parameters()}
    if vocabulary:
        parameters["embed.weight"] = torch.randn(vocabulary, channels)
        inputs = {"input_ids": torch.randint(0, vocabulary, (batch, steps))}
    else:
        inputs = {"signal": torch.randn(batch, steps, channels)}

    def through(module, state, given):
        module._flat_weights = [state[key] for key in module._flat_weights_names]  # what forward reads
        if lengths is None:
            return module(given)[0]
        packed = pack_padded_sequence(given, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(module(packed)[0], batch_first=True, total_length=steps)[0]

    def forward(state, given):
        current = nn.functional.embedding(given["input_ids"], state["embed.weight"]) if vocabulary else given["signal"]
        first, found = current, [current] if vocabulary else []
        for layer in range(layers):
            one = kind(current.shape[-1], width, 1, bias=bias, bidirectional=bidirectional, batch_first=True)
            own = {key: state["rnn." + key.replace("_l0", f"_l{layer}")] for key, _ in one.named_parameters()}
            current = through(one, own, current)
            found.append(current)
        whole = through(stack, {key: state[f"rnn.{key}"] for key, _ in stack.named_parameters()}, first)
        assert (whole - current).abs().max() < 1e-6
        return {f"hidden.{i}": value for i, value in enumerate(found)}

    config = {"cell": cell, "layers": layers, "width": width, "input": channels, "bidirectional": bidirectional, "bias": bias,
              "lengths": lengths, "mode": "eval", "dtype": "float32", **({"vocab_size": vocabulary} if vocabulary else {})}
    record(name, "recurrent", f"PyTorch {torch.__version__}: torch.nn.{kind.__name__}", config, NOTES, parameters, inputs, forward, seed)


make("recurrent-gru", "gru", 2, 6, 5, True, True, 4, 7, [7, 3, 1, 5], 11, seed=101)
make("recurrent-gru-b", "gru", 3, 9, 4, False, False, 3, 5, None, None, seed=102)
make("recurrent-lstm", "lstm", 2, 5, 7, True, True, 3, 6, [2, 6, 4], None, seed=103)
make("recurrent-lstm-b", "lstm", 3, 8, 3, True, True, 5, 9, [9, 9, 4, 1, 8], 13, seed=104)
