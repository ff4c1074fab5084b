"""The published UniPT networks for image-text retrieval (VSE-infinity), video-text retrieval (CLIP4Clip) and
visual question answering (CLIP-ViL), as plain PyTorch.

The image network is written in the published formulation: the anchor's query is up-sampled to every
map and the product of the two is built. Run as a program it measures what that costs in memory.
Parameter names are those of the published state dictionaries.
"""

import argparse
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from allocations import Allocations, environment


def l1_normalise(x, dim):
    return x / (x.abs().sum(dim, keepdim=True) + 1e-8)


class ParallelNetwork(nn.Module):
    """Parallel interaction and confidence aggregation over token sequences [B, N, m]."""

    def interact(self, anchor, targets, mask=None):
        if mask is None:
            mean = lambda tokens: tokens.mean(1)
        else:
            weights = mask / mask.sum(1, keepdim=True)
            mean = lambda tokens: (tokens * weights[..., None]).sum(1)
        identity = torch.eye(anchor.shape[1])
        merged, confidence = [], []
        for target in targets:
            affinity = torch.matmul(anchor, target.transpose(1, 2))
            if mask is not None:
                affinity = affinity * mask[:, None]
            affinity = l1_normalise(F.relu(affinity), -1) + identity
            merged.append(torch.matmul(affinity, target))
            confidence.append(self.gate_layer(mean(anchor) * mean(target)))
        confidence = torch.stack(confidence, 1).softmax(1)
        return (torch.stack(merged, 1) * confidence[..., None]).sum(1)


class TransformerUniPT(ParallelNetwork):
    """Hidden states [B, N, width] of every layer, the last one the anchor, to [B, N, embed]."""

    def __init__(self, widths, embed, reduction=2):
        super().__init__()
        m = embed // reduction
        self.downsample_layers = nn.ModuleList(
            nn.Sequential(nn.Linear(width, m), nn.LayerNorm(m)) for width in widths)
        self.projection_layer = nn.Sequential(nn.Linear(m, m), nn.LayerNorm(m))
        self.upsample_layer = nn.Sequential(nn.ReLU(), nn.Linear(m, embed))
        self.gate_layer = nn.Linear(m, 1)

    def forward(self, hidden, lengths):
        mask = (torch.arange(hidden[0].shape[1])[None] < lengths[:, None]).float()
        *targets, anchor = [layer(h) for layer, h in zip(self.downsample_layers, hidden)]
        return self.upsample_layer(anchor + self.projection_layer(self.interact(anchor, targets, mask)))


class ConvolutionalUniPT(ParallelNetwork):
    """Maps [B, C, H, W] of every stage, the last one the anchor, to [B, cells, embed]."""

    def __init__(self, channels, embed, reduction=2):
        super().__init__()
        m = embed // reduction
        project = lambda width: nn.Sequential(nn.Conv2d(width, m, 1), nn.BatchNorm2d(m))
        self.downsample_layers = nn.ModuleList(project(c) for c in channels)
        self.identity_layers = nn.ModuleList(
            nn.Sequential(nn.Conv2d(channels[-1], c, 1), nn.ReLU()) for c in channels[:-1])
        self.projection_layer = project(m)
        self.upsample_layer = nn.Sequential(nn.ReLU(), nn.Conv2d(m, embed, 1))
        self.gate_layer = nn.Linear(m, 1)

    def pool_windows(self, stage, stage_map, top):
        """Attends from each anchor cell to its own window of the stage's map: [B, C, h, w]."""
        batch, _, height, width = stage_map.shape
        rate = height // top.shape[2]
        query = F.interpolate(self.identity_layers[stage](top), scale_factor=rate, mode="nearest")
        score = F.relu((query * stage_map).sum(1, keepdim=True))
        windows = F.unfold(score, rate, stride=rate)
        windows = l1_normalise(windows, 1) + 1 / rate ** 2
        score = F.fold(windows, (height, width), rate, stride=rate)
        return F.avg_pool2d(score * stage_map, rate, rate, divisor_override=1)

    def forward(self, maps):
        top = maps[-1]
        batch, _, height, width = top.shape
        tokens = lambda x: x.flatten(2).transpose(1, 2)
        anchor_map = self.downsample_layers[-1](top)
        targets = [tokens(self.downsample_layers[i](self.pool_windows(i, stage, top)))
                   for i, stage in enumerate(maps[:-1])]
        merged = self.interact(tokens(anchor_map), targets)
        merged = merged.transpose(1, 2).reshape(batch, -1, height, width)
        return tokens(self.upsample_layer(anchor_map + self.projection_layer(merged)))


class VideoUniPT(nn.Module):
    """CLIP4Clip's: hidden states [B, N, width] of every layer and CLIP's own embedding [B, 1, embed] to [B, 1, embed].

    Captions have a mask [B, N] of the tokens that count and the position [B] of the token that is added to what the query
    gathers; frames have neither: all tokens count and the first is added.
    """

    def __init__(self, widths, embed):
        super().__init__()
        project = lambda width: nn.Sequential(nn.ReLU(), nn.Linear(width, embed))
        self.downsample_layers = nn.ModuleList(project(width) for width in widths)
        self.downsample_layer = project(embed)
        self.upsample_layer = project(embed)
        self.gate_layer = nn.Linear(embed, 1)

    def forward(self, hidden, embedding, mask=None, position=None):
        query = self.downsample_layer(embedding)
        merged, confidence = [], []
        for layer, states in zip(self.downsample_layers, hidden):
            target = layer(states)
            affinity = torch.matmul(query, target.transpose(1, 2))
            if mask is not None:
                affinity = affinity * mask[:, None]
            affinity = F.relu(affinity)
            affinity = affinity / affinity.abs().sum(-1, keepdim=True).clamp(min=1e-6)
            own = target[:, :1] if position is None else target[torch.arange(len(target)), position][:, None]
            merged.append(torch.matmul(affinity, target) + own)
            if mask is None:
                mean = target.mean(1)
            else:
                mean = (target * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
            confidence.append(self.gate_layer(query[:, 0] * mean))
        confidence = torch.stack(confidence, 1).softmax(1)
        merged = (torch.stack(merged, 1) * confidence[..., None]).sum(1)
        return embedding + self.upsample_layer(merged)


class AnsweringUniPT(ParallelNetwork):
    """CLIP-ViL's: hidden states [B, N, width] of every layer, the last one the anchor, to [B, N, width]."""

    def __init__(self, widths, reduction=2):
        super().__init__()
        width = widths[-1]
        m = width // reduction
        self.downsample_layers = nn.ModuleList(nn.Sequential(nn.Linear(w, m), nn.LayerNorm(m)) for w in widths)
        self.projection_layer = nn.Sequential(nn.Linear(m, width), nn.ReLU(), nn.Linear(width, m), nn.LayerNorm(m))
        self.upsample_layer = nn.Linear(m, width)
        self.gate_layer = nn.Linear(m, 1)

    def forward(self, hidden, mask):
        *targets, anchor = [layer(h) for layer, h in zip(self.downsample_layers, hidden)]
        return self.upsample_layer(anchor + self.projection_layer(self.interact(anchor, targets, mask)))


class GPO(nn.Module):
    """Generalised pooling: a weight for every rank of the sorted tokens, from a bidirectional GRU."""

    def __init__(self, code=32, hidden=32):
        super().__init__()
        self.code = code
        self.gru = nn.GRU(code, hidden, 1, batch_first=True, bidirectional=True)
        self.linear = nn.Linear(hidden, 1, bias=False)

    def forward(self, features, lengths):
        longest = int(lengths.max())
        features = features[:, :longest]
        position = torch.arange(longest).float()[:, None]
        angle = position * 10000 ** (-torch.arange(0, self.code, 2).float() / self.code)
        code = torch.stack([angle.sin(), angle.cos()], -1).flatten(1)
        packed = pack_padded_sequence(code.expand(len(features), -1, -1), lengths.long(), True, False)
        states, _ = pad_packed_sequence(self.gru(packed)[0], True)
        forward, backward = states.chunk(2, -1)
        padding = torch.arange(longest)[None] >= lengths[:, None]
        score = self.linear((forward + backward) / 2)[..., 0].masked_fill(padding, -10000)
        weights = (score / 0.1).softmax(1)
        ranked = features.masked_fill(padding[..., None], -10000).sort(1, descending=True)[0]
        return (ranked.masked_fill(padding[..., None], 0) * weights[..., None]).sum(1)


def embed(features, lengths, pool):
    pooled = pool(features, lengths)
    return pooled / (pooled.norm(dim=-1, keepdim=True) + 1e-8)


def hinge_loss(images, captions, margin=0.2, hardest=True):
    """Triplet loss over all pairs of a batch, summed; the diagonal holds the matching pairs."""
    similarity = images @ captions.t()
    matching = similarity.diag()
    own = torch.eye(len(similarity)).bool()
    to_text = (margin + similarity - matching[:, None]).clamp(min=0).masked_fill(own, 0)
    to_image = (margin + similarity - matching[None]).clamp(min=0).masked_fill(own, 0)
    if hardest:
        return to_text.max(1)[0].sum() + to_image.max(0)[0].sum()
    return to_text.sum() + to_image.sum()


def normalise(features):
    return features / features.norm(dim=-1, keepdim=True).clamp(min=1e-6)


def mean_pooled_similarity(texts, frames, mask, logit_scale):
    """CLIP4Clip's: texts [T, E] and frames [V, F, E], of which the mask [V, F] tells the real ones, to [T, V]."""
    counts = mask.sum(1, keepdim=True)
    counts = counts.masked_fill(counts == 0, 1)
    videos = normalise((normalise(frames) * mask[..., None]).sum(1) / counts)
    return logit_scale.exp() * torch.matmul(normalise(texts), videos.t())


def symmetric_cross_entropy(similarity):
    """Cross-entropy from texts to videos and back, averaged; the diagonal holds the matching pairs."""
    return -(similarity.log_softmax(1).diag().mean() + similarity.t().log_softmax(1).diag().mean()) / 2


def step(network, inputs, cotangent):
    """Bytes held after the forward, bytes at the peak, and seconds of a forward and a backward."""
    with Allocations() as allocations:
        output = network(*inputs)
        allocations.mark()
        output.backward(cotangent)
        del output
    start = time.perf_counter()
    network(*inputs).backward(cotangent)
    return allocations.live_at_mark, allocations.peak, time.perf_counter() - start


def measure(name, network, inputs, cotangent, steps):
    # the first step also makes the weights' gradients, which later ones add to
    step(network, inputs, cotangent)
    saved, peak, seconds = zip(*(step(network, inputs, cotangent) for _ in range(steps)))
    return {f"{name}_shapes": ["x".join(map(str, layer.shape)) for layer in inputs[0]],
            f"{name}_parameters": sum(p.numel() for p in network.parameters()),
            f"{name}_saved_bytes": saved[0], f"{name}_peak_bytes": peak[0],
            f"{name}_seconds": statistics.median(seconds)}


def main():
    parser = argparse.ArgumentParser(
        description="Tensor bytes and seconds of a forward and a backward of the networks at published size, "
                    "beyond inputs, weights and their gradients: held after the forward, and at the peak.")
    parser.add_argument("--networks", nargs="+", default=["image", "text", "video", "answering"])
    parser.add_argument("--steps", type=int, default=5)
    options = parser.parse_args()
    torch.manual_seed(0)
    channels, sizes = [256, 512, 1024, 2048], [128, 64, 32, 16]
    hidden = lambda *shape: [torch.randn(shape) for _ in range(13)]
    widths = [768] * 13
    networks = {
        "image": lambda: (ConvolutionalUniPT(channels, 1024), ([torch.randn(2, c, s, s).relu() for c, s in zip(channels, sizes)],),
                          torch.randn(2, sizes[-1] ** 2, 1024)),
        "text": lambda: (TransformerUniPT(widths, 1024), (hidden(128, 32, 768), torch.full((128,), 32)),
                         torch.randn(128, 32, 1024)),
        "video": lambda: (VideoUniPT(widths, 512), (hidden(64, 50, 768), torch.randn(64, 1, 512)),
                          torch.randn(64, 1, 512)),
        "answering": lambda: (AnsweringUniPT(widths), (hidden(16, 260, 768), torch.ones(16, 260)),
                              torch.randn(16, 260, 768)),
    }
    results = {}
    for name in options.networks:
        network, inputs, cotangent = networks[name]()
        results.update(measure(name, network.train(), inputs, cotangent, options.steps))
    print(json.dumps({"benchmark": "parallel networks, forward and backward", **results, **environment()}))


if __name__ == "__main__":
    main()
