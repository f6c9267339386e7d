#!/usr/bin/env bash
# Every command once, small, with the Parley installed in a virtual environment: smoke.sh VENV. Results go to a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."
parley=$(realpath "$1")/bin/parley
out=$(mktemp -d)
trap 'kill "${page:-}" 2> /dev/null || true; rm -rf "$out"' EXIT

"$parley" run scenarios/baseline.yaml --runs 400 --out "$out" > /dev/null
"$parley" sweep scenarios/textbook.yaml --vary distrust=0:1:5 --runs 200 --out "$out" > /dev/null
"$parley" compare scenarios/baseline.yaml scenarios/no-mediator.yaml --runs 200 --no-spread --out "$out" > /dev/null
"$parley" sensitivity scenarios/baseline.yaml --rows 16 --plays 2 --out "$out" > /dev/null
"$parley" plot "$out"/baseline-* --kind durability > /dev/null
"$parley" report "$out"/baseline-* --out "$out/report.html" > /dev/null
"$parley" export "$out"/textbook-* --to xlsx --out "$out/points.xlsx" > /dev/null
"$parley" verify --help > /dev/null

"$parley" explore --no-open --port 18090 > "$out/page.log" 2>&1 &
page=$!
address=
until [ -n "$address" ]; do
    kill -0 "$page" || { cat "$out/page.log" >&2; exit 1; }
    address=$(grep -om1 'http://[0-9.]*:[0-9]*' "$out/page.log" || true)
    sleep 0.2
done
python3 - "$address" <<'PY'
import sys
import urllib.request

page = urllib.request.urlopen(sys.argv[1], timeout=60).read().decode()
assert "Mediation without conditions" in page, page[:500]
PY
echo "$("$1"/bin/python --version): run, sweep, compare, sensitivity, plot, report, export and explore work in $1"
