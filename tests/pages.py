"""Tests of documents: one test a page, in a copy of what a checkout has for users."""

from __future__ import annotations

import pytest
from shown import PAGES, ROOT

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
