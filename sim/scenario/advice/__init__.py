"""Advice on a scenario that is valid but odd, for `parley check` and the head of every table."""
