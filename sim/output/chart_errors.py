"""Chart errors: reported where a chart cannot be drawn; apart from the charts, since these may not even load."""

from __future__ import annotations

from sim.scenario.errors import ParleyError


class ChartError(ParleyError):
    """Chart error: a chart cannot be drawn; the message, one line, says why."""

    @classmethod
    def because(cls, doing: str, error: Exception) -> ChartError:
        """Return the error for what went wrong while `doing` something: `cannot be drawn`, for example."""
        reason = next(iter(str(error).strip().splitlines()), "")
        return cls(f"{doing}: {type(error).__name__}{reason and f': {reason}'}")
