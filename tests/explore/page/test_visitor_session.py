"""A visit's tasks beside the question: what is given up before it has begun."""

from __future__ import annotations

import asyncio
import gc
import warnings

import pytest
from nicegui import core

from sim.explore.page.visitor_session import Visit


def test_a_run_whose_telling_is_given_up_at_once_leaves_nothing_that_nobody_awaits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when the settings change twice in one breath, or the server ends: Python would complain on stderr."""

    async def change_twice_and_leave() -> None:
        monkeypatch.setattr(core, "loop", asyncio.get_running_loop())
        visit = Visit.__new__(Visit)
        visit._jobs, visit._telling, visit._run = set(), None, 0
        visit._retell()
        visit._retell()
        assert visit._telling is not None
        visit._telling.cancel()
        await asyncio.gather(*visit._jobs, return_exceptions=True)

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        asyncio.run(change_twice_and_leave())
        gc.collect()
    assert [str(each.message) for each in told] == []
