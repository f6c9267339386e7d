"""Design of a study: design points, requests of what to vary, study files, ablations."""
