# shellcheck shell=bash
# What scripts/bench --peers measures beside the node. A peer that cannot be had is said and left out. To be sourced.

add_peers() {
  add_quarkus || missing+=("Quarkus MCP Server: $why")
  add_workerd || missing+=("workerd: $why")
  local gap
  for gap in "${missing[@]}"; do
    echo "bench: left out: $gap" >&2
  done
}

# Quarkus MCP Server, built from the project beside this file: 2025-06-18, one session, the tool on the event loop, nobody is authenticated.
add_quarkus() {
  local folder=$work/quarkus line url session
  rm -rf "$folder" && cp -r "$here/lib/bench/quarkus" "$folder"
  why="Maven is not installed"
  command -v mvn >/dev/null || return 1
  why="its build failed"
  echo "building Quarkus MCP Server"
  exclusively mvn -q -B -f "$folder/pom.xml" package >"$work/logs/quarkus-build.log" 2>&1 || return 1
  "$SMCP_JAVA" "${java_flags[@]}" -jar "$folder/target/quarkus-app/quarkus-run.jar" >"$work/logs/quarkus.log" 2>&1 &
  pids+=($!)
  why="it did not start"
  line=$(await_line "$work/logs/quarkus.log" 'Listening on: http' $!) || return 1
  url=${line##*Listening on: }/mcp
  why="it gave no session"
  session=$(quarkus_session "$url") || return 1
  add_case quarkus "Quarkus MCP Server, tool on the event loop, no authentication" "$url" "$(call_body add)" \
    "$(printf '%s\n' 'Content-Type: application/json' 'Accept: application/json, text/event-stream' \
      'MCP-Protocol-Version: 2025-06-18' "Mcp-Session-Id: $session")" '"text":"42"'
}

quarkus_session() {
  local headers session
  headers=(-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream')
  session=$(curl -sS --max-time 10 -D - -o /dev/null "${headers[@]}" "$1" -d \
    '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1.0.0"}}}' |
    tr -d '\r' | sed -n 's/^[Mm]cp-[Ss]ession-[Ii]d: *//p')
  [ -n "$session" ] || return 1
  curl -sS --max-time 10 -o /dev/null "${headers[@]}" -H "Mcp-Session-Id: $session" "$1" \
    -d '{"jsonrpc":"2.0","method":"notifications/initialized"}' || return 1
  printf '%s\n' "$session"
}

# workerd, once with a handler written by hand and once with the official SDK.
add_workerd() {
  local folder=$work/workerd
  mkdir -p "$folder" && cp "$here/lib/bench/workerd/"* "$folder/"
  why="Node.js and npm are not installed"
  command -v npm >/dev/null || return 1
  why="npm could not install it"
  echo "installing workerd"
  (cd "$folder" && exclusively npm install --no-audit --no-fund) >"$work/logs/workerd-install.log" 2>&1 || return 1
  start_workerd workerd-raw raw "workerd, handler by hand" || return 1
  start_workerd workerd-sdk sdk "workerd, official TypeScript SDK"
}

# case, module, words for the report
start_workerd() {
  local folder=$work/workerd home=$work/workerd/$2 line port
  mkdir -p "$home" && cp "$folder/config.capnp" "$home/"
  why="$2.mjs could not be bundled"
  "$folder/node_modules/.bin/esbuild" "$folder/$2.mjs" --bundle --minify --format=esm --conditions=workerd,worker,import \
    --log-level=error --outfile="$home/worker.js" 2>"$work/logs/$1.log" || return 1
  "$folder/node_modules/.bin/workerd" serve "$home/config.capnp" --control-fd=1 >"$work/logs/$1.log" 2>&1 &
  pids+=($!)
  why="$1 did not start"
  line=$(await_line "$work/logs/$1.log" '"event":"listen"' $!) || return 1
  port=$(sed 's/.*"port":\([0-9]*\).*/\1/' <<<"$line")
  add_case "$1" "$3" "http://127.0.0.1:$port/" "$(call_body add)" "$(call_headers add none)" '"text":"42"'
}
