from __future__ import annotations

import pytest

pytest.importorskip("nicegui")

from sim.explore.page import browser_messages, components


@pytest.mark.parametrize(
    "kind",
    [
        browser_messages.Memory,
        browser_messages.Lag,
        components.Key,
        components.Headline,
        components.Terms,
        components.Distrust,
        components.Field,
        components.Row,
    ],
)
def test_every_component_of_our_own_has_its_script(kind):
    """NiceGUI says nothing of a script that is not where it is looked for, and the page then lacks the component."""
    assert kind.component is not None
    assert kind.component.path.is_file()
