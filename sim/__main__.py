"""``python -m sim`` does what ``parley`` does."""

from __future__ import annotations

if __name__ == "__main__":
    from sim.cli import main  # not in worker processes, which begin by reading this module

    main()
