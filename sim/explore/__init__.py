"""The live page: assumptions in the hand, and the answer that follows. ``parley explore`` opens it.

The map, from what is asked to what is seen:

- ``settings``: what a visitor has set, as a value; ``history``: undo and redo
- ``links``: settings as the address of the page; ``scenario_file``: settings as a scenario file
- ``controls``: which sliders there are for a scenario, how they are grouped and how far they go
- ``turns``: worker processes, shared fairly by all tabs; ``course``: the newest question of a tab, step by step
- ``ensemble``, ``curve``: what the engine's runs say of the present settings
- ``charts``, ``drawings``: pictures of that as data for the browser
- ``downloads``: charts and report, by way of a study like any other
- ``visit``: a visitor's page and what happens on it; ``panels``: the parts that it is put together from
- ``server``: address, port and the Host header

Everything above ``panels`` knows nothing of browsers. Nothing but ``sim.cli.explore`` imports this room: NiceGUI, the
library of the page, is an extra.
"""
