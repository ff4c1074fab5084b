"""Joins the lines of a benchmark and its peer, which ran in turn, into one result with medians and paired ratios."""

import datetime
import json
import os
import platform
import statistics
import sys

# what the same program measures of the published formulation
PUBLISHED = "published_"


def first(path, key):
    with open(path) as lines:
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "unknown")


def side(lines, measures):
    return {key: statistics.median(line[key] for line in lines) if key.removeprefix(PUBLISHED) in measures else value
            for key, value in lines[0].items()}


def ratios(name, pairs):
    return {name: {key: round(statistics.median(values), 4) for key, values in pairs.items()},
            f"{name}_range": {key: [round(min(values), 4), round(max(values), 4)] for key, values in pairs.items()}}


def libraries(ours, peer):
    """Says it where the two sides compute with different versions of libtorch."""
    versions = ours["torch"], peer["torch"].split("+")[0]
    return {} if versions[0] == versions[1] else {
        "libraries": f"ours computes with libtorch {versions[0]} ({ours['blas']}), the peer with libtorch {versions[1]} "
                     f"({peer['blas']}): the ratios hold what these differ in too"}


def main():
    name, *measures = sys.argv[1:]
    lines = [json.loads(line) for line in sys.stdin]
    ours, peer = lines[0::2], lines[1::2]
    published = [key for key in measures if PUBLISHED + key in ours[0]]
    json.dump({
        "benchmark": name,
        "date": datetime.date.today().isoformat(),
        "machine": {"processor": first("/proc/cpuinfo", "model name"), "processors": os.cpu_count(),
                    "memory": first("/proc/meminfo", "MemTotal"), "system": platform.platform()},
        "rounds": len(ours),
        **libraries(ours[0], peer[0]),
        "ours": side(ours, measures),
        "peer": side(peer, measures),
        **ratios("ratio", {key: [a[key] / b[key] for a, b in zip(ours, peer)] for key in measures}),
        **(ratios("ratio_to_published_here", {key: [a[key] / a[PUBLISHED + key] for a in ours] for key in published}) if published else {}),
    }, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
