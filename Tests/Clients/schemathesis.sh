#!/usr/bin/env bash
# Tries the API of a built server with thousands of made-up requests (Schemathesis, from PyPI): no answer may be a 5xx,
# and none may have a status, a media type or a form that /openapi.json does not tell.
#
# usage: Tests/Clients/schemathesis.sh [EXAMPLES]      requests for each route (default 50)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly version=4.32.5
examples=${1:-50}
program=.build/debug/dangol
[ -x .build/release/dangol ] && program=.build/release/dangol
[ -x "$program" ] || { echo "schemathesis.sh: build dangol first: ./dev build" >&2; exit 1; }

folder=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill -TERM "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

if ! command -v schemathesis >/dev/null; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet "schemathesis==$version" || "$folder/venv/bin/pip" install --quiet schemathesis
    export PATH="$folder/venv/bin:$PATH"
fi

for person in u1 u2 u3 u4; do
    printf '%s\n' '{"type":"track","userId":"'$person'","event":"Signed Up","timestamp":"2024-05-01T09:30:00Z","properties":{"n":1}}'
done > "$folder/events.jsonl"
# Of the workspaces that could be named there is one, and of the people some, or nearly every request would be refused
# before it means anything.
cat > "$folder/schemathesis.toml" <<'CONFIG'
[parameters]
"query.workspace" = "default"

[[operations]]
include-path-regex = "^/v1/people/\\{id\\}"
exclude-method = "DELETE"
parameters = { "path.id" = ["u1", "u2", "nobody"] }
CONFIG
"$program" import "$folder/events.jsonl" --data "$folder/data" > "$folder/import.txt"
key=$("$program" key create --data "$folder/data" --kind api --scope all --name schemathesis)
DANGOL_ANONYMOUS_REQUESTS_PER_SECOND=100000 DANGOL_ANONYMOUS_REQUEST_BURST=100000 \
    "$program" serve --data "$folder/data" --port 0 --log-level error > "$folder/address.txt" 2> "$folder/log.txt" &
server=$!
for _ in $(seq 100); do
    grep -q '^Listening on ' "$folder/address.txt" && break
    kill -0 "$server"
    read -r -t 0.1 <> <(:) || true
done
address=$(sed -n 's/^Listening on //p' "$folder/address.txt")

# Streams never end, so they are left out; the tests try them.
schemathesis --config-file "$folder/schemathesis.toml" run "$address/openapi.json" --url "$address" \
    --header "Authorization: Bearer $key" --max-examples "$examples" \
    --exclude-path /v1/events/stream --exclude-path /v1/intent/stream --exclude-operation-id signOut --phases examples,coverage,fuzzing \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
cat "$folder/log.txt"
