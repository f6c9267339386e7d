"""The Python API: scenarios, results and the calls that make them, for notebooks and scripts.

- ``scenarios``: a scenario by name or path, and others made from it
- ``calls``: run, sweep, compare, sensitivity
- ``result_objects``: what these return: figures, frames and charts of one kind of result each
- ``figures``: shares and means with attributes
- ``results_folder``: stored results, opened by name

All of it is exported by ``sim``.
"""
