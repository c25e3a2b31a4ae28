"""A refuted claim: which error was made, and the corrected equation, proved before it is shown."""
