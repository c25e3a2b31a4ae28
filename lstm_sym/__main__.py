"""`python -m lstm_sym`: the command line."""
import sys

from lstm_sym.cli import main

if __name__ == "__main__":
    sys.exit(main())
