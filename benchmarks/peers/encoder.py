"""A BERT-shaped encoder without gradients: tensor bytes at the peak of its forward, and its time."""

import argparse
import json
import math
import time

import torch
from torch import nn
from torch.nn import functional as F

from allocations import Allocations, environment


class Layer(nn.Module):
    """Attention and feed-forward, each followed by residual and layer norm."""

    def __init__(self, width, heads, inner):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.output_norm = nn.LayerNorm(width, eps=1e-12)

    def attention(self, x):
        batch, tokens, width = x.shape
        split = lambda y: y.view(batch, tokens, self.heads, -1).transpose(1, 2)
        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(width // self.heads)
        context = torch.matmul(scores.softmax(-1), value)
        return self.out(context.transpose(1, 2).reshape(batch, tokens, width))

    def forward(self, x):
        x = self.attention_norm(self.attention(x) + x)
        return self.output_norm(self.down(F.gelu(self.up(x))) + x)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--width", type=int, default=768)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--inner", type=int, default=3072)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--tokens", type=int, default=64)
    options = parser.parse_args()

    torch.manual_seed(0)
    encoder = nn.Sequential(*(Layer(options.width, options.heads, options.inner) for _ in range(options.layers)))
    x = torch.randn(options.batch, options.tokens, options.width)
    with torch.no_grad():
        encoder.eval()(x)
        with Allocations() as allocations:
            encoder(x)
        start = time.perf_counter()
        encoder(x)
        seconds = time.perf_counter() - start
    print(json.dumps({"benchmark": "encoder forward", **vars(options),
                      "parameters": sum(p.numel() for p in encoder.parameters()),
                      "peak_bytes": allocations.peak, "seconds": seconds, **environment()}))


if __name__ == "__main__":
    main()
