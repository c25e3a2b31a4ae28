"""Statements, the kernel that alone makes a Theorem, an independent replayer, tactics, theorems, export to Coq."""
