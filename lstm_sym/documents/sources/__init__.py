"""Files to items: formulas, prose, headings, tables and directives, each with its place."""
