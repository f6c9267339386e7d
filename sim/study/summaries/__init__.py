"""Summaries: the figures of results as `--json` prints and `summary.json` stores them, read by all later steps."""
