"""Signs and names, read both ways: the symbol table, styles of papers, and the printer of LaTeX and plain text."""
