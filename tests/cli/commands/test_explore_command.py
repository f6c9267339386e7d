"""`parley explore` from the outside: it says where it is, ends when it is told to, and leaves nothing behind."""

from __future__ import annotations

import http.client
import re
import signal
import socket
from pathlib import Path

import pytest

from sim.cli.commands import explore
from tests.cli.conftest import SMALL

pytest.importorskip("nicegui")

PATIENCE = 60


def test_without_the_extra_it_says_what_to_install(parley, monkeypatch):
    monkeypatch.setattr(explore, "find_spec", lambda name: None)
    ending = parley("explore", SMALL)
    assert ending.code == 2
    assert "pip install 'parley-sim[explore]'" in " ".join(ending.err.replace("│", " ").split())


def test_a_scenario_that_is_wrong_is_told_as_ever(parley, tmp_path):
    Path(tmp_path / "wrong.yaml").write_text("title: nothing else\n", encoding="utf-8")
    ending = parley("explore", "wrong.yaml")
    assert (ending.code, ending.err.count("wrong.yaml:1:1:")) == (2, 3)


@pytest.fixture
def served(start, tmp_path):
    """A page that is served in an empty folder: the process, its port, and what it said until then."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start("explore", "--no-open", "--port", taken.getsockname()[1])
        said = ""
        while "Ctrl-C" not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
        yield process, int(re.search(r"127\.0\.0\.1:(\d+)/", said)[1]), said
    process.kill()
    process.communicate(timeout=PATIENCE)


def fetched(port: int, host: str, path: str = "/", **headers: str) -> tuple[int, str]:
    """Ask for a page; return status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.putrequest("GET", path, skip_host=True)
    for name, value in {"Host": host, **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


def test_it_serves_says_where_and_ends_on_ctrl_c(served, tmp_path):
    process, port, said = served
    assert re.search(r"^Port \d+ is in use\.$", said, re.MULTILINE)
    assert said.startswith("baseline: comes with Parley (")
    status, text = fetched(port, f"127.0.0.1:{port}")
    assert status == 200
    assert "Mediation without conditions" in text
    assert "ETag" not in text
    assert fetched(port, "evil.test")[0] == 421
    assert fetched(port, "evil.test", SOCKET, **UPGRADE)[0] == 403
    assert fetched(port, f"127.0.0.1:{port}", SOCKET, **UPGRADE, Origin="http://evil.test")[0] == 403
    for path in ("/docs", "/openapi.json"):
        assert fetched(port, f"127.0.0.1:{port}", path)[0] == 404
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "Ended.\n")
    assert list(tmp_path.iterdir()) == []
