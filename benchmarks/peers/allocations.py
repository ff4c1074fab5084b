"""Exact tensor bytes on the CPU: every block that PyTorch's allocator hands out or takes back."""

import ctypes
import os

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


def blas():
    """The BLAS that PyTorch computes with, and the kernels that OpenBLAS chose: times differ severalfold between them."""
    try:
        # only if PyTorch has loaded it already
        library = ctypes.CDLL("libblas.so.3", mode=os.RTLD_NOLOAD)
    except OSError:
        return "PyTorch's own"
    if not hasattr(library, "openblas_get_corename"):
        return "not OpenBLAS"
    library.openblas_get_corename.restype = ctypes.c_char_p
    return f"OpenBLAS {library.openblas_get_corename().decode()}"


def environment():
    """What every result line states about the machine's side."""
    return {"torch": torch.__version__, "blas": blas(), "threads": torch.get_num_threads()}
