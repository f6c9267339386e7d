"""Undo history: settings one after the other, as a value that never changes."""

from __future__ import annotations

from dataclasses import dataclass

from sim.explore.state.page_settings import Settings

LONGEST = 200
"""Steps that are remembered."""


@dataclass(frozen=True)
class History:
    """Undo history: present settings, those before (the last at the end), and those undone (the next at the end).

    `gesture` names the movement of the hand by which the present settings came about.
    """

    present: Settings
    past: tuple[Settings, ...] = ()
    future: tuple[Settings, ...] = ()
    gesture: str = ""

    def put(self, settings: Settings, gesture: str = "") -> History:
        """Return the history with new settings; those of one gesture (the drag of a slider) count as one step."""
        if settings == self.present:
            return self
        if gesture and gesture == self.gesture:
            return History(settings, self.past, (), gesture)
        return History(settings, (*self.past, self.present)[-LONGEST:], (), gesture)

    def with_steps(self, past: tuple[Settings, ...], future: tuple[Settings, ...]) -> History:
        """Return the history with steps before its own, and with steps to redo unless there are steps already."""
        mine = self.past or self.future
        return History(self.present, (*past, *self.past)[-LONGEST:], self.future if mine else future, self.gesture)

    def undo(self) -> History:
        """Return the history one step back, or the same if there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (*self.future, self.present))

    def redo(self) -> History:
        """Return the history with the last step undone done again, or the same if there is none."""
        if not self.future:
            return self
        return History(self.future[-1], (*self.past, self.present), self.future[:-1])
