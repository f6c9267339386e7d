"""Studies of a scenario: ensembles, sweeps, comparisons and sensitivity studies, simulated, stored and summarised.

One module for each verb (``ensemble``, ``sweep``, ``comparison``, ``sensitivity``), and below them, each importing only
from those after it:

- ``results``: stored studies opened again; ``execution``: which runs are missing, and the workers that simulate them
- ``summaries``: the figures of results; ``statistics``: estimators and their intervals
- ``storage``: files, parts, the folder of a study, SQL over its runs
- ``design``: design points and the requests that ask for them

Layout of a study on disk (a plain run is a study of one design point, number 0)::

    results/<scenario>-<digest>/
        manifest.json   what was asked: resolved scenario, design points, seed, versions, command
        summary.json    the figures of the largest ensemble asked for so far
        spread/         for each design point, how often each draw of the assumptions settled and held
        sensitivity/    the rows of sensitivity studies and their indices
        comparisons/    comparisons of which this scenario was the first
        parts/          points-<first>-<last>.runs-<first>-<last>.<checksum>.parquet

Every finished part is complete under its own name, so the folder's listing is the ledger of what has been
simulated.
"""
