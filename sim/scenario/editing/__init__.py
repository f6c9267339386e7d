"""Editing of plain scenario data by path, as `--set`, sweeps, Python and `extends` ask for it."""
