#!/bin/sh
# Runs again what failed among others: alone, three times, each of which must pass.
#
#     sh tests/again.sh PYTHON DATABASE
#
# Proofs that kill, race or wait need a machine that has time for them; on a full one a
# few fail that are right. What is wrong fails alone as well, and sooner: then nothing
# takes the cores from those that race.
set -eu
python=$1
database=$2
list=$(mktemp)
trap 'rm -f "$list"' EXIT

"$python" -m pytest --quiet --database "$database" --last-failed --collect-only \
    -p no:randomly | grep '::' >"$list" || true
failed=$(wc -l <"$list")
# None: it was no test that failed. Many: that is no accident.
if [ "$failed" -eq 0 ] || [ "$failed" -gt 8 ]; then
    exit 1
fi
for turn in 1 2 3; do
    echo "== Again, alone, $turn of 3: $failed"
    "$python" -m pytest --quiet --database "$database" "@$list"
done
