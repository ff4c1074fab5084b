"""A whole training step of UniPT on CLIP4Clip in the published formulation, in float32 with random weights: seconds, and
the peak of its tensor bytes beyond the weights."""

import argparse
import json
import math
import statistics
import time

import torch
from torch import nn

from allocations import Allocations, environment
from backbones import ClipText, ClipVision
from bertadam import BertAdam
from published import VideoUniPT, mean_pooled_similarity, symmetric_cross_entropy

START, END = 49406, 49407  # of a caption, in CLIP's vocabulary
LARGEST_SCALE = math.log(100)


class Clip4Clip(nn.Module):
    """Frozen towers, a parallel network beside each, and the loss of matching captions and videos."""

    def __init__(self, size, layers):
        super().__init__()
        self.visual = ClipVision(size, layers=layers)
        self.text = ClipText(layers=layers)
        self.logit_scale = nn.Parameter(torch.tensor(LARGEST_SCALE))
        self.requires_grad_(False)
        self.image_adapter = VideoUniPT([768] * (layers + 1), 512)
        self.text_adapter = VideoUniPT([512] * (layers + 1), 512)

    def embed_captions(self, ids):
        hidden, embedding = self.text(ids)
        return self.text_adapter(hidden, embedding[:, None], (ids != 0).float(), ids.argmax(1))[:, 0]

    def embed_frames(self, pixels):
        hidden, embedding = self.visual(pixels)
        return self.image_adapter(hidden, embedding[:, None])[:, 0]

    def forward(self, ids, pixels, mask):
        captions = self.embed_captions(ids)
        frames = self.embed_frames(pixels.flatten(0, 1)).view(*mask.shape, -1)
        return symmetric_cross_entropy(mean_pooled_similarity(captions, frames, mask, self.logit_scale))


def random_batch(options):
    """Caption ids [B, words], the first caption of full length, pixels [B, frames, 3, H, W] and the mask [B, frames]."""
    ids = torch.randint(1, START, (options.batch, options.words))
    ids[:, 0] = START
    for row, caption in enumerate(ids):
        # from the longest down to a start, one word and an end, then again
        end = options.words - 1 - 3 * row % (options.words - 2)
        caption[end] = END
        caption[end + 1:] = 0
    pixels = torch.randn(options.batch, options.frames, 3, options.image_size, options.image_size)
    return ids, pixels, torch.ones(options.batch, options.frames)


def optimizer_of(model):
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    return BertAdam([{"params": [p for name, p in trained.items() if "bias" not in name], "weight_decay": 0.2},
                     {"params": [p for name, p in trained.items() if "bias" in name]}],
                    rate=1e-4, warmup=0.1, total=1000)


def step(model, batch, optimizer):
    loss = model(*batch)
    loss.backward()
    if not math.isfinite(loss.item()):
        raise ArithmeticError(f"the loss is {loss.item()}")
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    # gradients are kept and filled with zeros, as PyTorch did when this was published
    optimizer.zero_grad(set_to_none=False)
    model.logit_scale.clamp_(max=LARGEST_SCALE)


def bytes_of(tensors):
    return sum(t.numel() * t.element_size() for t in tensors)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=8, help="videos, each with one caption")
    parser.add_argument("--frames", type=int, default=12, help="of every video")
    parser.add_argument("--words", type=int, default=32, help="tokens of every caption, padding included")
    parser.add_argument("--image-size", type=int, default=224)
    parser.add_argument("--layers", type=int, default=12, help="blocks of both towers")
    parser.add_argument("--steps", type=int, default=5, help="timed steps, after two that are not")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)

    model = Clip4Clip(options.image_size, options.layers).train()
    # Weights are from before, so they do not count; batch, gradients and the optimizer's state do. They are all there in
    # the second step, which is like every later one.
    with Allocations() as allocations:
        batch = random_batch(options)
        optimizer = optimizer_of(model)
        for _ in range(2):
            step(model, batch, optimizer)
    seconds = []
    for _ in range(options.steps):
        start = time.perf_counter()
        step(model, batch, optimizer)
        seconds.append(time.perf_counter() - start)

    trained = [p for p in model.parameters() if p.requires_grad]
    state = [t for tensors in optimizer.state.values() for t in tensors.values()]
    shape = {k: v for k, v in vars(options).items() if k != "threads"}
    print(json.dumps({"benchmark": "CLIP4Clip training step", "precision": "float32", **shape,
                      "parameters": sum(p.numel() for p in trained),
                      "frozen_parameters": sum(p.numel() for p in model.parameters() if not p.requires_grad),
                      "batch_bytes": bytes_of(batch), "gradient_bytes": bytes_of(p.grad for p in trained),
                      "optimizer_bytes": bytes_of(state), "peak_bytes": allocations.peak,
                      "seconds": statistics.median(seconds), "fastest": min(seconds), **environment()}))


if __name__ == "__main__":
    main()
