"""Claims of the source, the verbal scale, and scenarios held against both."""
