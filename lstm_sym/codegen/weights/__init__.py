"""Parameters in the layouts of other libraries, and back."""
