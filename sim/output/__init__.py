"""Output: tables, charts, the report, the explanation of a scenario, the narrative of one run.

Everything here turns data into what people read or look at, and prints nothing itself.
"""
