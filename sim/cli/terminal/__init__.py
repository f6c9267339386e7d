"""Terminal: printing, encodings, exit codes, and where results lie."""
