"""The C target: the NumPy module with its loops over time in C, compiled once and kept."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from ctypes import CDLL, c_long, c_void_p
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from lstm_sym.codegen.cache import key, load, stored
from lstm_sym.codegen.lowering.program import Lowered
from lstm_sym.codegen.numpy.source import c_sources
from lstm_sym.errors import NoCompiler, NotLowered

FAST = ("-O3", "-march=native", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math")
FLAGS = ((*FAST, "-mprefer-vector-width=512"), FAST, ("-O2",))
ALIGNED = 64                                                 # bytes of a vector, and of a line of the cache
LOOP = re.compile(r"^void (\w+)", re.MULTILINE)
REAL = {"float32": ("float", 0), "float64": ("double", 1)}


def with_loops(model: Lowered, dtype: np.dtype[Any]) -> ModuleType:
    """The NumPy module of a model whose loops are functions of a shared library.  Errors: NotLowered, NoCompiler."""
    if dtype.name not in REAL:
        raise NotLowered(f"the target 'c' computes in float32 or float64, got {dtype}; target='numpy' takes {dtype}")
    text, c = c_sources(model)
    module = load(text)
    vars(module).update(library=library(c, dtype.name), run=run, packed=packed)
    return module


def frozen(array: Any) -> Any:
    """The array, read-only: the tape shares its memory."""
    array.flags.writeable = False
    return array


def kernels() -> str:
    """The text that every generated file begins with."""
    return (Path(__file__).parent / "kernels.c").read_text(encoding="utf-8")


def library(c: str, dtype: str) -> CDLL:
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
    loaded = CDLL(str(stored(name, build(compiler, text))))
    loaded.panel.restype = c_long
    loaded.pack.argtypes = [c_long, c_long, c_void_p, c_long, c_long, c_void_p]
    for loop in LOOP.findall(c):
        getattr(loaded, loop).argtypes = [c_long, c_long, c_void_p, c_void_p]
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
        function(steps, samples, (c_long * len(sizes))(*map(sizes.__getitem__, sorted(sizes))),
                 (c_void_p * len(arrays))(*addresses))


def packed(loaded: CDLL, matrix: Any) -> Any:
    """The matrix in the panels that the product reads, the first at a multiple of 64 bytes."""
    rows, columns = matrix.shape
    size = matrix.itemsize
    panel = loaded.panel()
    count = rows * -(-columns // panel) * panel
    room = np.empty(count + ALIGNED // size, matrix.dtype)
    skipped = -room.__array_interface__["data"][0] % ALIGNED // size
    panels = room[skipped:skipped + count]
    loaded.pack(rows, columns, matrix.ctypes.data, matrix.strides[0] // size, matrix.strides[1] // size,
                panels.ctypes.data)
    return panels
