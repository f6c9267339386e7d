"""Execution of studies: which runs are missing, their tasks, and the workers of this machine or of a cluster."""
