"""Is a = b for all sizes, lengths and values?  A normal form that proves it, exact witnesses that refute it."""
