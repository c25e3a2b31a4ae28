"""Program -> the text of a NumPy module."""
