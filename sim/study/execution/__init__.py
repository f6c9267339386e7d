"""Where and how runs are simulated: tasks, workers of this machine or a cluster, and what is still missing."""
