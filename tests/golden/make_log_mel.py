"""Records Whisper's log-mel spectrogram of a chirp with noise, by torch.stft and mel filters of formulas written out here, at two sizes."""
import json
import math
import os

import torch

from recording import HERE, write


def slaney(bands, rate=16000, window=400):
    """Triangular filters of equal area on Slaney's mel scale, [bands, bins]."""
    step, knee = 200.0 / 3, 1000.0
    ratio = math.log(6.4) / 27

    def to_mel(f):
        return f / step if f < knee else knee / step + math.log(f / knee) / ratio

    def to_hertz(m):
        return m * step if m < knee / step else knee * math.exp(ratio * (m - knee / step))

    top = to_mel(rate / 2)
    points = [to_hertz(top * i / (bands + 1)) for i in range(bands + 2)]
    rows = []
    for left, centre, right in zip(points, points[1:], points[2:]):
        area = 2 / (right - left)
        row = []
        for k in range(window // 2 + 1):
            f = k * rate / window
            row.append(area * ((f - left) / (centre - left) if left <= f <= centre else (right - f) / (right - centre) if centre < f <= right else 0.0))
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float64)


def log_mel(samples, frames, bands):
    audio = torch.zeros(frames * 160, dtype=torch.float64)
    count = min(len(samples), len(audio))
    audio[:count] = samples[:count].double()
    spectrum = torch.stft(audio, 400, 160, window=torch.hann_window(400, dtype=torch.float64), return_complex=True)
    power = spectrum[:, :-1].abs() ** 2
    mel = (slaney(bands) @ power).clamp(min=1e-10).log10()
    return ((torch.maximum(mel, mel.max() - 8) + 4) / 4).float().T


def make(name, seconds, frames, bands, seed):
    torch.manual_seed(seed)
    t = torch.arange(int(seconds * 16000), dtype=torch.float64) / 16000
    samples = (0.4 * torch.sin(2 * math.pi * (200 * t + 1800 * t**2)) * torch.exp(-2 * t) + 0.01 * torch.randn(len(t))).float()
    path = os.path.join(HERE, f"{name}.safetensors")
    write(path, {"input.samples": samples, "output.spectrogram": log_mel(samples, frames, bands)}, {
        "format": "golden-1", "case": "log-mel",
        "reference": f"PyTorch {torch.__version__}: torch.stft, and Slaney's filters written out, in float64",
        "config": json.dumps({"num_mel_bins": bands, "frames": frames, "sampling_rate": 16000, "n_fft": 400, "hop_length": 160}),
        "notes": "Shorter audio is padded with zeros to frames * hop samples, longer is cut; centred windows with reflection, periodic Hann; the last "
                 "frame is dropped; power; Slaney mel scale and area; log10 of at least 1e-10; at least the largest less 8; (x + 4) / 4. [frames, bands].",
        "recorded_with": f"torch {torch.__version__} cpu, seed {seed}, tests/golden",
    })
    print(f"{name}: {os.path.getsize(path):,} bytes")


make("log-mel", 0.5, 80, 80, seed=301)
make("log-mel-b", 0.6, 45, 128, seed=302)
