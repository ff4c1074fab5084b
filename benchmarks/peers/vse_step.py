"""A whole training step of UniPT on VSE-infinity in the published formulation, in float32 with random weights: seconds, and
the peak of its tensor bytes beyond the weights."""

import argparse
import json
import statistics
import time

import torch
from torch import nn

from allocations import Allocations, environment
from backbones import Bert, ResNeXt
from published import GPO, ConvolutionalUniPT, TransformerUniPT, embed, hinge_loss

EMBED = 1024


class Vse(nn.Module):
    """Frozen towers, a parallel network and a pooling beside each, and the loss of matching pictures and captions."""

    def __init__(self):
        super().__init__()
        self.image, self.text = ResNeXt(), Bert()
        self.requires_grad_(False)
        self.image_network = ConvolutionalUniPT(ResNeXt.channels, EMBED)
        self.text_network = TransformerUniPT([768] * 13, EMBED)
        self.image_pool, self.text_pool = GPO(), GPO()

    def forward(self, pixels, ids, lengths):
        cells = self.image_network(self.image(pixels))
        pictures = embed(cells, torch.full((len(cells),), cells.shape[1]), self.image_pool)
        mask = (torch.arange(ids.shape[1])[None] < lengths[:, None]).float()
        captions = embed(self.text_network(self.text(ids, mask), lengths), lengths, self.text_pool)
        return hinge_loss(pictures, captions)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--words", type=int, default=32)
    parser.add_argument("--image-size", type=int, default=512)
    parser.add_argument("--steps", type=int, default=1, help="timed steps, after two that are not")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)

    model = Vse().train()
    trained = [p for p in model.parameters() if p.requires_grad]

    def step():
        optimizer.zero_grad()
        model(*batch).backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()

    # Weights are from before, so they do not count; batch, gradients and the optimizer's state do. The state is there from the second step on.
    with Allocations() as allocations:
        batch = (torch.rand(options.batch, 3, options.image_size, options.image_size),
                 torch.randint(1000, 30000, (options.batch, options.words)), torch.full((options.batch,), options.words))
        optimizer = torch.optim.AdamW(trained, lr=5e-4, weight_decay=1e-4)
        for _ in range(2):
            step()
    seconds = []
    for _ in range(options.steps):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    shape = {k: v for k, v in vars(options).items() if k not in ("threads", "steps")}
    print(json.dumps({"benchmark": "VSE training step", **shape, "parameters": sum(p.numel() for p in trained),
                      "peak_bytes": allocations.peak, "seconds": statistics.median(seconds), **environment()}))


if __name__ == "__main__":
    main()
