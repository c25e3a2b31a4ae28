"""Layout to typed expressions: names, times, shapes, derivatives, sums; a model from its equations."""
