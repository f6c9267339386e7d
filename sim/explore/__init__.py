"""The live page: assumptions in the hand, and the answer that follows. ``parley explore`` opens it.

The map, from what is asked to what is seen:

- ``settings``: what a visitor has set, as a value; ``history``: undo and redo
- ``links``: settings as the address of the page; ``scenario_file``: settings as a scenario file
- ``controls``: which sliders there are for a scenario, how they are grouped and how far they go
- ``turns``: worker processes, shared fairly by all tabs; ``course``: the newest question of a tab, step by step
- ``ensemble``, ``curve``, ``theory``: what the engine says; ``inquiry``: in which order it is asked
- ``charts``: pictures of that, as data for the browser; ``words``: what no table or chart says
- ``downloads``: charts and report, by way of a study like any other
- ``panels``: the parts of a page; ``layout``: how they are put together; ``views``: what is known, handed to them
- ``ground``: what all visitors share; ``taken``: what comes from the browser; ``screen``: what one visitor sees
- ``visit``: what happens on it; ``server``: address, port and the Host header
- ``web/``: what runs in the browser

Everything above ``panels`` knows nothing of browsers. Nothing but ``sim.cli.commands.explore`` imports this room: NiceGUI, the
library of the page, is an extra.
"""
