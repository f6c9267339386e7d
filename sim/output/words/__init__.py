"""Numbers, names, parameters and sources in words, the same everywhere."""
