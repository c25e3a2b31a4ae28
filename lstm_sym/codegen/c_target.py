"""The C target: the NumPy module with its loops over time in C, compiled once and kept."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from lstm_sym.codegen.cache import key, load, stored
from lstm_sym.codegen.compiled import Gradients
from lstm_sym.codegen.numpy_source import c_sources
from lstm_sym.codegen.program import Lowered
from lstm_sym.codegen.signature import Arrays, Call
from lstm_sym.errors import NoCompiler, NotLowered

FLAGS = (
    (
        "-O3",
        "-march=native",
        "-mprefer-vector-width=512",
        "-ffp-contract=fast",
        "-fno-math-errno",
        "-fno-trapping-math",
    ),
    ("-O3", "-march=native", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"),
    ("-O2",),
)
REAL = {"float32": ("float", 0), "float64": ("double", 1)}


class CNet:
    """A NumPy module whose loops are functions of a shared library; its arrays are made anew for each run."""

    def __init__(self, model: Lowered, dtype: np.dtype[Any]) -> None:
        if dtype.name not in REAL:
            raise NotLowered(f"the target 'c' computes in float32 or float64, got {dtype}; target='numpy' takes {dtype}")
        text, c = c_sources(model)
        self.module = load(text)
        vars(self.module).update(library=library(c, dtype.name), run=run, pack=pack)

    def forward(self, call: Call) -> tuple[Arrays, Any]:
        """Trajectory, which is read-only because the tape shares it, and tape."""
        trajectory, tape = self.module.forward(call.params, call.inputs, call.state)
        for value in trajectory.values():
            value.flags.writeable = False
        return trajectory, (tape, Lock())

    def backward(self, call: Call, tape: Any, given: Arrays) -> Gradients:
        """Gradients; runs on one tape wait for each other."""
        values, lock = tape
        with lock:
            return Gradients(*self.module.backward(call.params, values, given))


def kernels() -> str:
    """The text that every generated file begins with."""
    return (Path(__file__).parent / "kernels.c").read_text(encoding="utf-8")


def library(c: str, dtype: str) -> ctypes.CDLL:
    """The shared library of the generated functions.  Errors: NoCompiler says what was tried."""
    compiler = next(
        (found for name in (os.environ.get("CC"), "cc", "gcc", "clang") if name and (found := shutil.which(name))), None
    )
    if compiler is None:
        raise NoCompiler(
            "the target 'c' needs a C compiler (cc, gcc, clang, or the one named by CC), and none was found; "
            "target='numpy' needs none"
        )
    real, wide = REAL[dtype]
    text = f"#define REAL {real}\n#define WIDE {wide}\n{kernels()}\n{c}"
    name = f"loops_{key(text, compiler, repr(FLAGS), machine())}{'.dylib' if sys.platform == 'darwin' else '.so'}"
    loaded = ctypes.CDLL(str(stored(name, build(compiler, text))))
    loaded.panel.restype = ctypes.c_long
    return loaded


def build(compiler: str, text: str) -> Callable[[Path], None]:
    """What writes the library to a path: the compiler with the first flags it takes."""

    def write(path: Path) -> None:
        source = path.with_suffix(".c")
        source.write_text(text, encoding="utf-8")
        said = []
        for flags in FLAGS:
            done = subprocess.run(
                [compiler, *flags, "-shared", "-fPIC", "-o", str(path), str(source), "-lm"],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode == 0:
                return
            said.append(done.stderr.strip()[:400])
        raise NoCompiler(
            f"{compiler} does not compile the generated code: {said[-1]}; target='numpy' needs no compiler"
        )

    return write


def machine() -> str:
    """What code made for this processor depends on."""
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return next((line for line in info.splitlines() if line.startswith(("flags", "Features"))), platform.machine())
    except OSError:
        return platform.platform() + platform.processor()


def run(function: Any, steps: int, samples: int, sizes: dict[str, int], arrays: list[Any]) -> None:
    """Calls one loop; a missing array is a null pointer.  The library holds no state, and Python's lock is released."""
    if steps > 0 and samples > 0:
        addresses = [None if a is None else a.__array_interface__["data"][0] for a in arrays]
        function(
            ctypes.c_long(steps),
            ctypes.c_long(samples),
            (ctypes.c_long * len(sizes))(*(sizes[k] for k in sorted(sizes))),
            (ctypes.c_void_p * len(arrays))(*addresses),
        )


def pack(loaded: ctypes.CDLL, rows: int, columns: int, matrix: Any, packed: Any) -> None:
    """The matrix (rows, columns) in the panels that the product reads."""
    loaded.pack(
        ctypes.c_long(rows),
        ctypes.c_long(columns),
        ctypes.c_void_p(matrix.ctypes.data),
        ctypes.c_void_p(packed.ctypes.data),
    )
