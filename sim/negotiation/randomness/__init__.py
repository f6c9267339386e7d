"""Random numbers: one named stream for every decision, and what each run assumes of uncertain parameters."""
