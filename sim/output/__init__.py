"""How results are shown: tables, the explanation of a scenario, the story of one run.

Everything here turns data into text for people and prints nothing itself.
"""
