"""Program -> C loops over time, and the library they are compiled to."""
