"""Looking into a negotiation: what theory says of it, one run week by week, distrust, the feasible set."""
