"""`parley explore` that finds less: a coarse curve, and nothing for tabs that have gone; and with half of the workers.

On the real page a curve is made sharper for some seconds after the answer is there, and for some more after the tab was
closed: most of what a test of the page would take. What can wait is done there by workers that let every other process
of the machine go before them: beside other tests they would hardly come to it. Called with the arguments of `parley`.
"""

from __future__ import annotations

import sys

GRACE = 0.3
"""Seconds: more than a page takes to be loaded anew is not needed, as it goes on when it has come back."""

if __name__ == "__main__":  # each worker reads this file, and needs none of the following
    from sim.cli import main
    from sim.explore.engine import stepwise_answer
    from sim.explore.engine.shared_workers import Turns
    from sim.explore.page import visitor_session
    from sim.explore.serving import server

    stepwise_answer.STAGES = stepwise_answer.STAGES[:2]
    visitor_session.GRACE = GRACE
    server.Turns = lambda places, make, _: Turns(places, make)  # type: ignore[assignment, misc]
    sys.argv = ["parley", *sys.argv[1:]]
    main(sys.argv[1:])
