"""Makes words_gru.safetensors and words_whisper.safetensors: two small networks of random weights, trained on forty spoken words.

    apt-get install espeak-ng
    python3 models/make_words.py [gru] [whisper]

Recordings are those of `data/make_words.py --other`; training is `unipt train` with all weights, and what it leaves is stored as F16. Needs nothing but Python's
standard library besides.
"""
import array
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BANDS, LAYERS = 40, 3
EPOCHS = 40


def tensors_of(path):
    """Name, shape and numbers of every F32 tensor."""
    with open(path, "rb") as file:
        header, data = json.loads(file.read(struct.unpack("<Q", file.read(8))[0])), file.read()
    header.pop("__metadata__", None)
    return {name: (entry["shape"], array.array("f", data[slice(*entry["data_offsets"])])) for name, entry in header.items() if entry["dtype"] == "F32"}


def write(path, tensors, kind):
    """Writes tensors as F32 or F16."""
    header, data = {}, b""
    for name, (shape, numbers) in tensors.items():
        stored = struct.pack(f"<{len(numbers)}{'e' if kind == 'F16' else 'f'}", *numbers)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(stored)]}
        data += stored
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def uniform(shape, fan_in):
    bound = 1 / math.sqrt(fan_in)
    return shape, [random.uniform(-bound, bound) for _ in range(math.prod(shape))]


def gru(width=32):
    tensors = {}
    for layer in range(LAYERS):
        for end in ("", "_reverse"):
            shapes = {"weight_ih": [3 * width, 2 * width if layer else BANDS], "weight_hh": [3 * width, width], "bias_ih": [3 * width], "bias_hh": [3 * width]}
            tensors |= {f"rnn.{name}_l{layer}{end}": uniform(shape, width) for name, shape in shapes.items()}
    return tensors


def whisper(width=64, inner=128, positions=50):
    tensors = {}

    def linear(name, shape, bias=True):
        fan_in = math.prod(shape[1:])
        tensors[f"{name}.weight"] = uniform(shape, fan_in)
        if bias:
            tensors[f"{name}.bias"] = uniform(shape[:1], fan_in)

    def norm(name):
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = ([width], [1.0] * width), ([width], [0.0] * width)

    linear("conv1", [width, BANDS, 3])
    linear("conv2", [width, width, 3])
    half = width // 2
    tensors["embed_positions.weight"] = [positions, width], [
        wave(place * 10000 ** (-i / (half - 1))) for place in range(positions) for wave in (math.sin, math.cos) for i in range(half)]
    for layer in range(LAYERS):
        at = f"layers.{layer}"
        for part in "qkv":
            linear(f"{at}.self_attn.{part}_proj", [width, width], bias=part != "k")
        linear(f"{at}.self_attn.out_proj", [width, width])
        linear(f"{at}.fc1", [inner, width])
        linear(f"{at}.fc2", [width, inner])
        norm(f"{at}.self_attn_layer_norm")
        norm(f"{at}.final_layer_norm")
    norm("layer_norm")
    return tensors


def trained(architecture, tensors, words, folder):
    """The tensors as `unipt train` leaves them."""
    fresh, run = os.path.join(folder, f"{architecture}.safetensors"), os.path.join(folder, architecture)
    write(fresh, tensors, "F32")
    options = {"data.path": words, "backbones.audio.architecture": architecture, "backbones.audio.weights": fresh, "train.epochs": EPOCHS, "train.learning_rate": 1e-3}
    subprocess.run(
        [os.path.join(ROOT, "unipt"), "train", os.path.join(ROOT, "recipes", "words", "full.yaml"), "--out", run, *(part for key, value in options.items() for part in ("--set", f"{key}={value}"))],
        check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    prefix = "audio_backbone."
    found = {name.removeprefix(prefix): value for name, value in tensors_of(os.path.join(run, "adapter", "adapter_model.safetensors")).items() if name.startswith(prefix)}
    assert found and not found.keys() - tensors.keys(), "the adapter holds other weights than those that were trained"
    return tensors | found


def main():
    with tempfile.TemporaryDirectory() as folder:
        words = os.path.join(folder, "words")
        subprocess.run([sys.executable, os.path.join(ROOT, "data", "make_words.py"), "--other", words], check=True)
        for architecture in sys.argv[1:] or ("gru", "whisper"):
            random.seed(1)
            tensors = {"gru": gru, "whisper": whisper}[architecture]()
            write(os.path.join(ROOT, "models", f"words_{architecture}.safetensors"), trained(architecture, tensors, words, folder), "F16")


if __name__ == "__main__":
    main()
