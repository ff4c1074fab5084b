"""The frozen backbones in plain PyTorch: two with the weights of the repository's models folder, and with random ones
CLIP ViT-B/32's towers, ResNeXt-101 32x8d and BERT-base.

CLIP's parameter names are those of its published state dictionary; the image tower's stand there behind `visual.`.
"""

import json
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def load_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    types = {"F16": np.float16, "F32": np.float32}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], types[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.astype(np.float32))
    return tensors


class Convolution(nn.Sequential):
    """Convolution and batch norm; a stride of 2 pads at the bottom and the right only."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1, activation=True):
        self.pads = stride == 2
        padding = 0 if self.pads else kernel // 2
        layers = [nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
                  nn.BatchNorm2d(outputs, eps=1e-3)]
        super().__init__(*layers, *([nn.ReLU6()] if activation else []))

    def forward(self, x):
        return super().forward(F.pad(x, (0, 1, 0, 1)) if self.pads else x)


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        inner = inputs * expansion
        expand = [Convolution(inputs, inner, 1)] if expansion > 1 else []
        project = Convolution(inner, outputs, 1, activation=False)
        self.conv = nn.Sequential(*expand, Convolution(inner, inner, 3, stride, inner), *project)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.conv(x) if self.residual else self.conv(x)


class MobileNetV2(nn.Module):
    """RGB in [0, 1], sides multiples of 32, to the last maps at strides 4, 8, 16 and 32."""

    channels = [24, 32, 96, 1280]

    def __init__(self):
        super().__init__()
        features, width = [Convolution(3, 32, 3, 2)], 32
        for expansion, outputs, blocks, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                                                   (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
            for block in range(blocks):
                features.append(InvertedResidual(width, outputs, stride if block == 0 else 1, expansion))
                width = outputs
        self.features = nn.Sequential(*features, Convolution(width, 1280, 1))

    def forward(self, x):
        maps = []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in (3, 6, 13, 18):
                maps.append(x)
        return maps


class EncoderLayer(nn.Module):
    """Pre-norm attention and feed-forward of width 512; the first layer widens 256 to 512."""

    def __init__(self, width):
        super().__init__()
        self.attention_norm = nn.LayerNorm(width, eps=1e-6)
        self.attention = nn.ModuleDict({"qkv": nn.Linear(width, 3 * width), "out": nn.Linear(width, 512)})
        self.residual = nn.Linear(width, 512) if width != 512 else nn.Identity()
        self.ffn_norm = nn.LayerNorm(512, eps=1e-6)
        self.ffn = nn.ModuleDict({"up": nn.Linear(512, 1536), "down": nn.Linear(1536, 512)})

    def forward(self, x, bias):
        batch, tokens, width = x.shape
        qkv = self.attention["qkv"](self.attention_norm(x)).view(batch, tokens, 3, 4, width // 4)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        scores = torch.matmul(query * (width // 4) ** -0.5, key.transpose(-1, -2)) + bias
        context = torch.matmul(scores.softmax(-1), value).transpose(1, 2).reshape(batch, tokens, width)
        x = self.attention["out"](context) + self.residual(x)
        return x + self.ffn["down"](F.relu(self.ffn["up"](self.ffn_norm(x))))


class UniversalSentenceEncoderLite(nn.Module):
    """Token ids [B, N] and their lengths [B] to the hidden states of widths 256, 512 and 512."""

    widths = [256, 512, 512]

    def __init__(self):
        super().__init__()
        self.embeddings = nn.Embedding(8002, 256)
        self.layers = nn.ModuleList([EncoderLayer(256), EncoderLayer(512)])
        self.head = nn.Linear(512, 512)

    def forward(self, ids, lengths):
        position = torch.arange(ids.shape[1])
        angle = position[:, None] * 10000 ** (-torch.arange(128, dtype=torch.float64) / 127)
        x = 2 * self.embeddings(ids) + torch.cat([angle.sin(), angle.cos()], 1).float()
        bias = torch.where(position < lengths[:, None], 0.0, -1e9)[:, None, None]
        hidden = [x]
        for layer in self.layers:
            hidden.append(layer(hidden[-1], bias))
        return hidden


class Bottleneck(nn.Module):
    """1x1, 3x3 in groups and 1x1, each with a batch norm; the stride is in the 3x3."""

    def __init__(self, inputs, inner, outputs, stride, groups):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, inner, 1, bias=False), nn.BatchNorm2d(inner)
        self.conv2, self.bn2 = nn.Conv2d(inner, inner, 3, stride, 1, groups=groups, bias=False), nn.BatchNorm2d(inner)
        self.conv3, self.bn3 = nn.Conv2d(inner, outputs, 1, bias=False), nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        projects = stride > 1 or inputs != outputs
        self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)) if projects else None

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        y += x if self.downsample is None else self.downsample(x)
        return self.relu(y)


class ResNeXt(nn.Module):
    """ResNeXt-101 32x8d by torchvision's names: normalised pixels to the maps at strides 4, 8, 16 and 32; unrecorded."""

    channels = [256, 512, 1024, 2048]

    def __init__(self, blocks=(3, 4, 23, 3), groups=32, planes=256):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.relu, self.maxpool = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        self.stages, width = nn.ModuleList(), 64
        for stage, (count, outputs) in enumerate(zip(blocks, self.channels)):
            layers = []
            for block in range(count):
                layers.append(Bottleneck(width, planes << stage, outputs, 2 if block == 0 and stage > 0 else 1, groups))
                width = outputs
            self.stages.append(nn.Sequential(*layers))

    def train(self, mode=True):
        # Its batch norms keep their statistics, as in the published code.
        return super().train(False)

    @torch.no_grad()
    def forward(self, pixels):
        x = self.maxpool(self.relu(self.bn1(self.conv1(pixels))))
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps


class BertLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.attention_norm, self.norm = (nn.LayerNorm(width, eps=1e-12) for _ in range(2))
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x, bias):
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = torch.matmul(query, key.transpose(-1, -2)) / query.shape[-1] ** 0.5 + bias
        context = torch.matmul(self.dropout(scores.softmax(-1)), value).transpose(1, 2).flatten(2)
        x = self.attention_norm(x + self.dropout(self.output(context)))
        return self.norm(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Bert(nn.Module):
    """BERT-base: token ids [B, N] and their mask to the 13 hidden states; unrecorded, with dropout while it trains."""

    def __init__(self, vocabulary=30522, positions=512, width=768, layers=12, heads=12):
        super().__init__()
        self.words, self.positions, self.segments = nn.Embedding(vocabulary, width), nn.Embedding(positions, width), nn.Embedding(2, width)
        self.norm, self.dropout = nn.LayerNorm(width, eps=1e-12), nn.Dropout(0.1)
        self.layers = nn.ModuleList(BertLayer(width, heads) for _ in range(layers))

    @torch.no_grad()
    def forward(self, ids, mask):
        embedded = self.words(ids) + self.positions.weight[:ids.shape[1]] + self.segments.weight[0]
        hidden = [self.dropout(self.norm(embedded))]
        bias = (1 - mask)[:, None, None] * -10000.0
        for layer in self.layers:
            hidden.append(layer(hidden[-1], bias))
        return hidden


class ClipBlock(nn.Module):
    """Attention and feed-forward, each after a layer norm and beside a residual; tokens come first: [N, B, D]."""

    def __init__(self, width, heads):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads)
        self.ln_1 = nn.LayerNorm(width)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(width, 4 * width), "c_proj": nn.Linear(4 * width, width)})
        self.ln_2 = nn.LayerNorm(width)

    def attend(self, x, mask):
        return self.attn(x, x, x, need_weights=False, attn_mask=mask)[0]

    def feed_forward(self, x):
        x = self.mlp["c_fc"](x)
        x = x * torch.sigmoid(1.702 * x)
        return self.mlp["c_proj"](x)

    def forward(self, x, mask):
        x = x + self.attend(self.ln_1(x), mask)
        return x + self.feed_forward(self.ln_2(x))


class ClipTransformer(nn.Module):
    """Tokens [B, N, D] to what goes into the first block and what comes out of every block, stacked: [layers + 1, B, N, D]."""

    def __init__(self, width, layers, heads):
        super().__init__()
        self.resblocks = nn.ModuleList(ClipBlock(width, heads) for _ in range(layers))

    def forward(self, tokens, mask=None):
        x = tokens.transpose(0, 1)
        hidden = [tokens]
        for block in self.resblocks:
            x = block(x, mask)
            hidden.append(x.transpose(0, 1))
        # As in the published code: for this moment every hidden state is held twice.
        return torch.stack(hidden)


class ClipVision(nn.Module):
    """Normalised pixels [B, 3, H, W] to the stacked hidden states and the projected class token [B, output]; unrecorded."""

    def __init__(self, size=224, patch=32, width=768, layers=12, heads=12, output=512):
        super().__init__()
        normal = lambda *shape: nn.Parameter(torch.randn(shape) * width ** -0.5)
        self.conv1 = nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = normal(width)
        self.positional_embedding = normal((size // patch) ** 2 + 1, width)
        self.ln_pre = nn.LayerNorm(width)
        self.transformer = ClipTransformer(width, layers, heads)
        self.ln_post = nn.LayerNorm(width)
        self.proj = normal(width, output)

    @torch.no_grad()
    def forward(self, pixels):
        x = self.conv1(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding.expand(len(x), 1, -1), x], 1)
        x = self.ln_pre(x + self.positional_embedding)
        hidden = self.transformer(x)
        # All tokens are projected, of which one is read; the published code does so too.
        return hidden, (self.ln_post(hidden[-1]) @ self.proj)[:, 0]


class ClipText(nn.Module):
    """Token ids [B, N] to the stacked hidden states and the projected token at each text's largest id [B, output]; unrecorded."""

    def __init__(self, vocabulary=49408, context=77, width=512, layers=12, heads=8, output=512):
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, width)
        self.positional_embedding = nn.Parameter(torch.randn(context, width) * 0.01)
        self.transformer = ClipTransformer(width, layers, heads)
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.randn(width, output) * width ** -0.5)
        nn.init.normal_(self.token_embedding.weight, std=0.02)

    @torch.no_grad()
    def forward(self, ids):
        words = ids.shape[1]
        later = torch.full((words, words), float("-inf")).triu(1)
        hidden = self.transformer(self.token_embedding(ids) + self.positional_embedding[:words], later)
        projected = self.ln_final(hidden[-1]) @ self.text_projection
        return hidden, projected[torch.arange(len(ids)), ids.argmax(1)]


def frozen(model, path):
    # batch norm's counter of batches is the one entry that the file does not hold
    missing, unexpected = model.load_state_dict(load_safetensors(path), strict=False)
    if unexpected or any(not name.endswith("num_batches_tracked") for name in missing):
        raise ValueError(f"{path} does not fit: missing {missing}, unexpected {unexpected}")
    return model.eval().requires_grad_(False)
