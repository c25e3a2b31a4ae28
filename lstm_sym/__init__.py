"""Derivations for recurrent networks: read, proved or refuted equation by equation, derived, printed and run."""

__version__ = "0.1.0"
