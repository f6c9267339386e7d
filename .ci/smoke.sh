#!/usr/bin/env bash
# Every command once, small, with the Parley installed in a virtual environment, in an empty folder: smoke.sh VENV. Nothing
# but the installation is there: no checkout.
set -euo pipefail
venv=$(realpath "$1")
parley=$venv/bin/parley
out=$(mktemp -d)
trap 'kill "${page:-}" 2> /dev/null || true; rm -rf "$out"' EXIT
cd "$out"

"$parley" examples > list
grep -q "studies/mutual-distrust: " list
"$parley" examples --copy copy > /dev/null
"$parley" run baseline --runs 400 --out "$out" > /dev/null
"$parley" run copy/scenarios/baseline.yaml --runs 400 --out "$out" > again
grep -q "already complete" again  # the same digest
"$parley" check --strict copy/scenarios/*.yaml copy/scenarios/reference/*.yaml > /dev/null
"$parley" sweep textbook --vary distrust=0:1:5 --runs 200 --out "$out" > /dev/null
"$parley" sweep studies/distrust-and-style --runs 4 --out "$out" > /dev/null
"$parley" compare baseline no-mediator --runs 200 --no-spread --out "$out" > /dev/null
"$parley" sensitivity baseline --rows 16 --plays 2 --out "$out" > /dev/null
"$parley" plot "$out"/baseline-* --kind durability > /dev/null
"$parley" report "$out"/baseline-* --out "$out/report.html" > /dev/null
"$parley" export "$out"/textbook-* --to xlsx --out "$out/points.xlsx" > /dev/null
"$parley" verify --data --runs 100 > /dev/null

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
echo "$("$venv"/bin/python --version): every command works in an empty folder with $1"
