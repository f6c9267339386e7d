"""Scenarios: a YAML file becomes a frozen, fully checked Scenario.

From the bottom up:

- ``errors``: problems with file, line, column and path; ``control_characters``: text that is safe to show
- ``model``: the scenario as frozen data, its parameters, and the tree of keys of a file
- ``reading``: YAML to plain data with the position of every part; pydantic's errors in plain words
- ``editing``: plain data changed by path
- ``evidence``: claims of the source, and the verbal scale that turns its words into ranges
- ``packaged``: scenarios and evidence that come with Parley, by name
- ``loading``: all of it in order, from file to Scenario with every problem at once; a scenario with other values
- ``advice``: what is allowed but odd: parameters without effect, omissions that flatter the answer
"""
