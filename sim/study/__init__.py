"""How a scenario is explored: ensembles of runs, where they are simulated, how they are kept and summarised.

- ``ensemble``: many runs of one scenario; ``run`` is the one call that does it all
- ``filling``: simulates what a study still lacks; ``planning``: cut into tasks of about a second
- ``execution``: one ``concurrent.futures.Executor`` interface for this process, several (``processes``), or a cluster
  of other machines (``cluster``)
- ``storage``: a study's folder and manifest; ``parts``: the files of runs in it; ``files``: atomic writing
- ``spreading``: how far shares move over the assumptions (``spread``), found once for each design point
- ``comparison``: scenarios on the same luck (``pairs``: their differences; ``ablation``: what they are without a part)
- ``attribution``: which ranges move the outcome (``sensitivity``: Sobol' indices); ``timing``: what happens when
- ``shelf``: folders of arrays kept beside the runs; ``pacing``: whether workers are worth starting
- ``reading``: SQL over the parts; ``summary``: the figures of an ensemble; ``statistics``: their intervals;
  ``quantiles``: in memory that does not grow
- ``results``: finished studies as tables; ``export``: their files for other programs; ``listing``: what is kept

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
