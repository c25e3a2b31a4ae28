"""The closed set of expressions, their sizes, functions, time, and the Recurrence that everything else reads."""
