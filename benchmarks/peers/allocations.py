"""Exact tensor bytes on the CPU: every block that PyTorch's allocator hands out or takes back."""

import torch
from torch.autograd import profiler


class Allocations:
    """Records the allocator while the `with` block runs; blocks from before it do not count."""

    def __enter__(self):
        self._profile = profiler.profile(profile_memory=True)
        self._profile.__enter__()
        return self

    def mark(self):
        """Remembers this moment, so that `live_at_mark` tells the bytes held at it."""
        with profiler.record_function("[mark]"):
            pass

    def __exit__(self, *error):
        self._profile.__exit__(*error)
        live = 0
        self.peak = 0
        self.live_at_mark = 0
        for event in self._profile.kineto_results.events():
            if event.name() == "[memory]":
                live += event.nbytes()
                self.peak = max(self.peak, live)
            elif event.name() == "[mark]":
                self.live_at_mark = live
                self.peak_before_mark = self.peak
        self.live = live


def environment():
    """What every result line states about the machine's side."""
    return {"torch": torch.__version__, "threads": torch.get_num_threads()}
