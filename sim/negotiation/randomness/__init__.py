"""Random numbers: one named stream for every decision, and the draws of uncertain assumptions in each run."""
