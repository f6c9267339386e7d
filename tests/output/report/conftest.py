from __future__ import annotations

import pytest

from tests.output.report.studies import Shelf, shelf_in


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Studies by name."""
    return shelf_in(tmp_path_factory)
