"""Equations of the negotiation: its rules as pure functions, and arithmetic on arrays of shape (runs, …)."""
