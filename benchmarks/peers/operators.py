"""Microseconds of one call of a small operator from Python, gradients off: the cost is the call's."""

import argparse
import json
import time

import torch

from allocations import environment


def microseconds(call, calls, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        times.append((time.perf_counter() - start) / calls * 1e6)
    return min(times)  # the least disturbed by other programs


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=8, help="rows and columns of the operands")
    parser.add_argument("--calls", type=int, default=1000, help="calls a round")
    parser.add_argument("--rounds", type=int, default=100, help="rounds; the fastest is reported")
    options = parser.parse_args()

    a, b = torch.randn(2, options.size, options.size)
    with torch.no_grad():
        measure = lambda call: microseconds(call, options.calls, options.rounds)
        measure(lambda: torch.add(a, b))
        result = {"empty_call": measure(lambda: None), "add": measure(lambda: torch.add(a, b)),
                  "matmul": measure(lambda: torch.matmul(a, b)), "relu": measure(lambda: torch.relu(a)),
                  "view": measure(lambda: a.view(-1))}
    print(json.dumps({"benchmark": "operator call, microseconds", **vars(options), **result, **environment()}))


if __name__ == "__main__":
    main()
