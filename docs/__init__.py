"""Documents, and what makes those of them that are read off the code."""
