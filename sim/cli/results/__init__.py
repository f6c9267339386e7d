"""Results on the command line: workers while they are simulated, their charts, and where they lie."""
