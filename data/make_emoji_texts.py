"""Makes emoji-texts.csv of Unicode's emoji list and CLDR's English names and keywords.

    apt-get download unicode-data unicode-cldr-core     # Debian 12: 15.0.0-1 and 41-0.1
    for package in *.deb; do dpkg -x $package unicode; done
    python3 make_emoji_texts.py unicode/usr/share/unicode
"""

import collections
import csv
import hashlib
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

FEWEST = 22  # emojis of a class
TEST, VAL = 0.25, 0.1


def annotations(root):
    """Name and keywords of every emoji, without variation selectors."""
    found = collections.defaultdict(dict)
    for folder in ("annotations", "annotationsDerived"):
        for node in ElementTree.parse(root / "cldr/common" / folder / "en.xml").getroot().iter("annotation"):
            if node.get("type") == "tts":
                found[node.get("cp")]["name"] = node.text
            else:
                found[node.get("cp")]["keywords"] = [word.strip() for word in node.text.split("|")]
    return found


def emojis(root):
    """(group, subgroup, characters) of emojis without a skin tone, in the order of the list."""
    group = subgroup = None
    for line in (root / "emoji/emoji-test.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# group:"):
            group = line.split(":")[1].strip()
        elif line.startswith("# subgroup:"):
            subgroup = line.split(":")[1].strip()
        elif "; fully-qualified" in line and "skin tone" not in line:
            yield group, subgroup, "".join(chr(int(code, 16)) for code in line.split(";")[0].split()).replace("\ufe0f", "")


def motif(characters):
    """The same for emojis that differ in gender or hair only."""
    plain = re.sub("\u200d[\u2640\u2642\U0001f9b0-\U0001f9b3]", "", characters)
    return re.sub("[\U0001f468\U0001f469]", "\U0001f9d1", plain)


def digest(text):
    return hashlib.sha256(f"emoji-texts-v1:{text}".encode()).hexdigest()


def main(root):
    known = annotations(root)
    first = {}
    for group, subgroup, characters in emojis(root):
        if group != "Flags" and "keywords" in known[characters]:
            first.setdefault(motif(characters), (group, subgroup, characters))

    # A class is what subgroups of a group have in common before the hyphen (animal-bird, animal-bug: animal).
    subgroups = collections.defaultdict(set)
    members = collections.Counter()
    for group, subgroup, _ in first.values():
        subgroups[group, subgroup.split("-")[0]].add(subgroup)
        members[group, subgroup.split("-")[0]] += 1

    texts = collections.defaultdict(list)  # the classes of a text
    chosen = []
    for group, subgroup, characters in first.values():
        prefix = subgroup.split("-")[0]
        if prefix != "other" and members[group, prefix] >= FEWEST:
            label = prefix if len(subgroups[group, prefix]) > 1 else subgroup
            words = list(dict.fromkeys([known[characters]["name"], *known[characters]["keywords"]]))
            chosen.append((characters, label, words))
            for word in words:
                texts[word.casefold()].append(label)

    # Each text once, whatever its capitals, of one emoji; none that several classes have.
    chosen.sort(key=lambda entry: digest(entry[0]))
    rows, used = collections.defaultdict(list), set()
    for characters, label, words in chosen:
        for word in words:
            if len(set(texts[word.casefold()])) == 1 and word.casefold() not in used:
                used.add(word.casefold())
                rows[characters].append((word, label))

    order = sorted(rows, key=lambda characters: digest(f"split:{characters}"))
    test, val = round(TEST * len(order)), round((TEST + VAL) * len(order))
    with open(pathlib.Path(__file__).with_name("emoji-texts.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "label", "split", "emoji"])
        for place, characters in enumerate(order):
            split = "test" if place < test else "val" if place < val else "train"
            for word, label in rows[characters]:
                writer.writerow([word, label, split, "-".join(f"{ord(c):x}" for c in characters)])


main(pathlib.Path(sys.argv[1]))
