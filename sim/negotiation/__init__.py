"""Negotiation: a Mesa model whose agents carry a whole ensemble of runs.

- ``equations``: the rules as pure functions, each with its source; arrays whose first axis is runs
- ``bargaining``: the settlement space, the zone of agreement, and the Nash text
- ``randomness``: random streams by name, and the draws of the assumptions
- ``model``: the weeks in order; ``agents``: who negotiates; ``attendance``, ``proposals``, ``signed_texts``,
  ``distrust_learning``, ``implementation``, ``scheduled_events``: what they do
- ``run_outcomes``: one row a run, in the columns that everything later reads
- ``inspection``: theory before anything runs, one run watched, distrust over time, the feasible set
"""
