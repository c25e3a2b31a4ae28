"""Claims about sizes: norms, eigenvalues, limits, with what the text supposes; proved by the kernel, refuted by exact nets."""
