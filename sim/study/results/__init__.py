"""Results of stored studies: opened by name, checked for damage, read as tables of runs and design points."""
