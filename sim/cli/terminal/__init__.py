"""Printing, encodings, exit codes, and where results lie."""
