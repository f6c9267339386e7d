"""Plain scenario data changed by path, as `--set`, sweeps, Python and `extends` ask for it."""
