"""A part of a document: what it states, defines and supposes, and what is left as claims about its model."""
