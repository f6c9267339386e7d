"""The figures of results, as `--json` prints and `summary.json` keeps them: the one shape that all later rooms read."""
