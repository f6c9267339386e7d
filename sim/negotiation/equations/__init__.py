"""The rules of the model as pure functions, and the arithmetic of arrays of shape (runs, …)."""
