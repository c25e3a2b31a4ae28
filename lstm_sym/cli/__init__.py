"""The command line: `lstm-sym check notes.md`."""
from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from lstm_sym.cli.app import VERSION, app
from lstm_sym.errors import INTERNAL, LstmSymError

DEBUG = "--debug"
RARELY = 100_000, 50, 50        # what is imported stays; looking through it again and again is a tenth of a small check


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: its exit code.

    0 done, and nothing unexpected was refuted; 1 something was; 2 wrong usage, unreadable file, internal error.
    --debug, anywhere, shows the traceback of an error.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = DEBUG in given
    gc.set_threshold(*RARELY)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(args=[a for a in given if a != DEBUG], prog_name="lstm-sym")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except LstmSymError as error:
        return _failed(str(error), debug)
    except OSError as error:
        return _failed(f"{error.filename or 'output'}: {error.strerror or error}", debug)
    except Exception as error:      # every other one is our bug
        return _failed(f"{INTERNAL}: {type(error).__name__}: {error} "
                       f"(lstm-sym {VERSION}; --debug shows where)", debug)
    return 0


def _failed(message: str, debug: bool) -> int:
    """One line on stderr, and 2; the traceback under --debug."""
    if debug:
        raise
    print(f"lstm-sym: {' '.join(message.split())}", file=sys.stderr)
    return 2
