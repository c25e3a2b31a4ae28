"""From the outcomes of a claim to its verdict, and the findings of a part."""
