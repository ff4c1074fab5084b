"""What the scripts that make recordings here share: running a reference in float32 and float64, and writing safetensors.

They need Debian's python3-torch (1.13) and nothing else:  /usr/bin/python3 tests/golden/make_recurrent.py
"""
import json
import os
import struct

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = {torch.float32: "F32", torch.int64: "I64"}
torch.set_num_threads(1)
torch.backends.mkldnn.enabled = False  # of PyTorch 1.13: its gradient of a one-dimensional convolution's bias is wrong where the layout differs


def write(path, tensors, metadata):
    """A safetensors file: the length of the header, the header, the tensors' bytes."""
    header, place = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [place, place + size]}
        place += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.detach().contiguous().numpy().tobytes())


def record(name, case, reference, config, notes, parameters, inputs, forward, seed):
    """Runs `forward(parameters, inputs)`, which gives outputs by name, and writes what went in, came out and its gradients."""

    def run(dtype):
        def leaf(tensor):
            return tensor.clone().to(dtype).requires_grad_() if tensor.is_floating_point() else tensor

        state = {key: leaf(value) for key, value in parameters.items()}
        given = {key: leaf(value) for key, value in inputs.items()}
        outputs = forward(state, given)
        torch.manual_seed(seed + 1)
        cotangents = {key: torch.randn(value.shape) for key, value in outputs.items()}
        sum((value * cotangents[key].to(dtype)).sum() for key, value in outputs.items()).backward()
        found = {f"input.{key}": value.detach() for key, value in given.items()}
        found.update({f"param.{key}": value.detach() for key, value in state.items()})
        found.update({f"output.{key}": value.detach() for key, value in outputs.items()})
        found.update({f"output_grad.{key}": value for key, value in cotangents.items()})
        found.update({f"grad.{key}": value.grad for key, value in state.items()})
        found.update({f"grad_input.{key}": value.grad for key, value in given.items() if value.is_floating_point()})
        return found

    single, double = run(torch.float32), run(torch.float64)
    errors = {key: ((single[key] - double[key]).abs().max() / double[key].abs().max()).item()
              for key in single if key.startswith(("output.", "grad")) and double[key].abs().max() > 0}
    worst = sorted(errors.items(), key=lambda pair: -pair[1])[:5]
    metadata = {
        "format": "golden-1", "case": case, "reference": reference, "config": json.dumps(config), "notes": notes,
        "loss": "gradients are those of sum over k of sum(output.k * output_grad.k)",
        "recorded_with": f"torch {torch.__version__} cpu, 1 thread, seed {seed}, tests/golden",
        "fp32_vs_fp64": json.dumps({"what": "max|fp32-fp64| / max|fp64| of the same reference run in double; worst five",
                                    "worst": [[key, float(f"{value:.3g}")] for key, value in worst]}),
    }
    path = os.path.join(HERE, f"{name}.safetensors")
    write(path, single, metadata)
    print(f"{name}: {os.path.getsize(path):,} bytes, worst {worst[0]}")
