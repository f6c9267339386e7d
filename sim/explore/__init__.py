"""The live page, on which assumptions are moved by hand and the answer follows: ``parley explore`` opens it.

From what is asked to what is seen:

- ``state``: what a visitor has set, with undo, as the page's address and as a scenario file
- ``engine``: worker processes shared by all tabs, and what they are asked for the present settings
- ``page``: components, layout, charts and sentences, kept in step with what is known
- ``serving``: address, port, which requests are let in
- ``web/``: what runs in the browser

``state`` and ``engine`` know nothing of browsers. Only ``sim.cli.commands.explore`` imports this room: NiceGUI, the
library of the page, is an extra.
"""
