"""The theorems, by subject; each function proves one and returns it."""
