"""Words of the output: numbers, names, parameters and sources, the same everywhere."""
