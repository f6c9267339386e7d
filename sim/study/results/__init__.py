"""Stored studies opened again: by name, checked for damage, as tables of runs and design points."""
