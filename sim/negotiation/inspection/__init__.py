"""Inspection of a negotiation: theoretical predictions, a single run by week, distrust over time, the feasible set."""
