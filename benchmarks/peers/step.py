"""Seconds of a UniPT training step: frozen backbones forward, both networks, loss, backward, AdamW."""

import argparse
import json
import pathlib
import statistics
import time

import torch

from allocations import environment
from backbones import MobileNetV2, UniversalSentenceEncoderLite, frozen
from published import GPO, ConvolutionalUniPT, TransformerUniPT, embed, hinge_loss

MODELS = pathlib.Path(__file__).resolve().parents[2] / "models"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=pathlib.Path, default=MODELS)
    parser.add_argument("--image-size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--tokens", type=int, default=16)
    parser.add_argument("--embed", type=int, default=256)
    parser.add_argument("--reduction", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5, help="timed steps, after two that are not")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)

    image_backbone = frozen(MobileNetV2(), options.models / "mobilenet_v2.safetensors")
    text_backbone = frozen(UniversalSentenceEncoderLite(), options.models / "use_lite.safetensors")
    image_network = ConvolutionalUniPT(MobileNetV2.channels, options.embed, options.reduction)
    text_network = TransformerUniPT(UniversalSentenceEncoderLite.widths, options.embed, options.reduction)
    image_pool, text_pool = GPO(), GPO()
    trained = [p for m in (image_network, text_network, image_pool, text_pool) for p in m.parameters()]
    optimizer = torch.optim.AdamW(trained, lr=5e-4, weight_decay=1e-4)

    images = torch.rand(options.batch, 3, options.image_size, options.image_size)
    ids = torch.randint(6, 8000, (options.batch, options.tokens))
    # from the longest down to 2 tokens, then again
    lengths = options.tokens - torch.arange(options.batch) % (options.tokens - 1)

    def step():
        with torch.no_grad():
            maps = image_backbone(images)
            hidden = text_backbone(ids, lengths)
        cells = image_network(maps)
        kept = torch.full((options.batch,), cells.shape[1])
        visual = embed(cells, kept, image_pool)
        textual = embed(text_network(hidden, lengths), lengths, text_pool)
        optimizer.zero_grad()
        hinge_loss(visual, textual).backward()
        torch.nn.utils.clip_grad_norm_(trained, 2.0)
        optimizer.step()

    seconds = []
    for _ in range(options.steps + 2):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    shape = {k: v for k, v in vars(options).items() if k not in ("models", "threads")}
    print(json.dumps({"benchmark": "UniPT training step", **shape,
                      "parameters": sum(p.numel() for p in trained),
                      "seconds": statistics.median(seconds[2:]), "fastest": min(seconds[2:]), **environment()}))


if __name__ == "__main__":
    main()
