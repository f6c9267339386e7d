"""What is simulated: design points, the requests that ask for them, study files, ablations."""
