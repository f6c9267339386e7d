"""How results are shown: tables, charts, the report, the explanation of a scenario, the story of one run.

Everything here turns data into what people read or look at, and prints nothing itself.
"""
