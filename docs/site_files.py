"""Which files the site of the documentation has: pages and what they link to, at the paths that they have here.

MkDocs calls this (mkdocs.yml); its own way, one folder of pages, would break every link to what lies elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]

PATTERNS = (
    "*.md",
    "*.cff",
    "LICENSE",
    *(f"docs/**/*.{ending}" for ending in ("md", "png", "json")),
    *(f"scenarios/**/*.{ending}" for ending in ("md", "yaml")),
    *(f"seeds/*.{ending}" for ending in ("md", "yaml", "csv")),
    "results/README.md",
)


def on_files(files: Files, config: Any) -> Files:
    """Return the files of the site; of those that MkDocs found, only what does not lie in docs/ (the theme's)."""
    pages = Path(config["docs_dir"])
    ours = Files([file for file in files if not file.abs_src_path or not Path(file.abs_src_path).is_relative_to(pages)])
    for path in (path for pattern in PATTERNS for path in sorted(ROOT.glob(pattern))):
        ours.append(File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path)))
    return ours
