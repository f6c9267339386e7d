"""Execute the tutorial's notebook and keep what its cells print and draw.

    python docs/make_notebook.py

Needs nbclient and ipykernel (extra `dev`). Results go to a temporary folder.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NOTEBOOK = Path(__file__).parent / "tutorial" / "notebook.ipynb"


def execute(notebook: Path = NOTEBOOK) -> Any:
    """Return a notebook with the outputs of its cells. Raises CellExecutionError where one fails."""
    import nbformat
    from nbclient import NotebookClient

    content = nbformat.read(notebook, as_version=4)
    with TemporaryDirectory() as folder:
        NotebookClient(content, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    for cell in content.cells:
        if "outputs" in cell:  # what libraries say on stderr is about the machine
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        cell.metadata.pop("execution", None)  # when it was executed is nobody's business and differs each time
    content.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return content


def printed(content: Any) -> list[str]:
    """Return the text that cells print or return, in order; figures have none that stays the same."""
    outputs = [output for cell in content.cells for output in cell.get("outputs", ())]
    return [
        str(output.get("text") or output.get("data", {}).get("text/plain", ""))
        for output in outputs
        if "image/png" not in output.get("data", {})
    ]


def main() -> None:
    """Write the notebook anew."""
    import nbformat

    nbformat.write(execute(), NOTEBOOK)


if __name__ == "__main__":
    main()
