"""Loading of a scenario from files and changes: layers, checks between parts, and all problems at once."""
