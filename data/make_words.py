"""Makes data/words.zip with espeak-ng: the ten digits, spoken by voices of which those of train, val and test are different ones.

    apt-get install espeak-ng
    python3 data/make_words.py                  data/words.zip
    python3 data/make_words.py --other FOLDER   other words by the voices of train and val, on which models/make_words.py trains its networks

Each word is said by each voice slowly and highly, and quickly and deeply. Recordings are brought to 8 kHz and 8 bits, without the silence at their ends.
"""
import array
import io
import math
import operator
import os
import shutil
import subprocess
import sys
import wave
import zipfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache

DIGITS = "zero one two three four five six seven eight nine".split()
OTHER = """apple bridge candle doctor eagle forest guitar hammer island jacket kitchen ladder monkey number open paper queen rabbit silver table under
    violin water yellow zebra basket coffee dinner engine flower garden house juice kettle lemon mother north orange pencil quiet""".split()
VOICES = {
    "train": ["en-us+m1", "en-us+f1", "en+m3", "en+f3", "en-gb-scotland+m2", "en-029+f4"],
    "val": ["en-us+m5", "en+f5"],
    "test": ["en-us+f2", "en-gb-x-rp+m7", "en-gb-scotland+f2", "en-029+m4"],
}
MANNERS = [(150, 60), (190, 35)]  # words a minute, pitch
RATE = 8000
EDGE = 0.95 * RATE / 2  # of the low-pass filter, in hertz
REACH = 16  # new samples that the filter reaches to each side
QUIET = 0.02  # of the loudest sample: what is cut off at the ends
REST = RATE // 50  # samples that stay beyond it


def spoken(word, voice, speed, pitch):
    """A word as espeak-ng says it: samples and their rate."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", word]
    with wave.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)) as sound:
        # A length that espeak-ng did not know when it wrote its header is larger than what follows.
        data = sound.readframes(sound.getnframes())
        return array.array("h", data[:len(data) & ~1]), sound.getframerate()


@cache
def kernel(phase, step, reach, rate):
    """A sinc times a Hann window, where the new sample lies `phase` of `step` behind an old one."""
    times = [(i - phase / step) / rate for i in range(-reach, reach + 1)]
    ends = (reach + 1) / rate
    values = [(math.sin(2 * math.pi * EDGE * t) / (2 * math.pi * EDGE * t) if t else 1.0) * (0.5 + 0.5 * math.cos(math.pi * t / ends)) for t in times]
    return [value / sum(values) for value in values]


def resampled(samples, rate):
    """The samples at RATE."""
    reach = math.ceil(REACH * rate / RATE)
    padded = [0] * reach + list(samples) + [0] * (reach + 1)
    result = []
    for i in range(len(samples) * RATE // rate):
        place, phase = divmod(i * rate, RATE)
        result.append(sum(map(operator.mul, kernel(phase, RATE, reach, rate), padded[place:])))
    return result


def recording(word, voice, speed, pitch):
    """A WAV file."""
    samples = resampled(*spoken(word, voice, speed, pitch))
    peak = max(map(abs, samples))
    loud = [i for i, sample in enumerate(samples) if abs(sample) > QUIET * peak]
    kept = samples[max(0, loud[0] - REST):loud[-1] + REST]
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(bytes(128 + round(120 * sample / peak) for sample in kept))
    return file.getvalue()


def recordings(splits, words):
    """Names and files."""
    jobs = [(f"{split}/{word}/{voice}-{speed}-{pitch}.wav", word, voice, speed, pitch)
            for split in splits for word in words for voice in VOICES[split] for speed, pitch in MANNERS]
    with ProcessPoolExecutor(2) as pool:
        yield from zip((job[0] for job in jobs), pool.map(recording, *list(zip(*jobs))[1:], chunksize=8))


def main():
    if shutil.which("espeak-ng") is None:
        sys.exit("There is no espeak-ng here; install it (apt-get install espeak-ng) to make recordings.")
    if sys.argv[1:2] == ["--other"]:
        for name, data in recordings(["train", "val"], OTHER):
            path = os.path.join(sys.argv[2], name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
    else:
        with zipfile.ZipFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "words.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, data in recordings(VOICES, DIGITS):
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
