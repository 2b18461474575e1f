# shellcheck shell=bash
# What scripts/bench --peers measures beside the node, fetched into target/bench in the versions pinned beside this file.
# A peer that cannot be had is said and left out. To be sourced; uses the variables of scripts/bench.

add_peers() {
  local why
  add_quarkus || missing+=("Quarkus MCP Server: $why")
  add_workerd || missing+=("workerd: $why")
}

# Is the folder $2 made of the folder $1 as it is now?
made_of() {
  [ -e "$2/.made" ] && diff -r "$1" "$2/.source" >/dev/null 2>&1
}

# Quarkus MCP Server, built from the project beside this file: 2025-06-18, one session, the tool on the event loop, nobody is authenticated.
add_quarkus() {
  local source=$here/lib/bench/quarkus folder=$work/quarkus line url session
  if ! made_of "$source" "$folder"; then
    why="Maven is not installed"
    command -v mvn >/dev/null || return 1
    echo "fetching and building Quarkus MCP Server"
    rm -rf "$folder" && cp -r "$source" "$folder" && cp -r "$source" "$folder/.source"
    why="Maven could not build it, see target/bench/logs/quarkus-build.log"
    attend mvn -q -B -f "$folder/pom.xml" package >"$work/logs/quarkus-build.log" 2>&1 || return 1
    touch "$folder/.made"
  fi
  why="it did not start, see target/bench/logs/quarkus.log"
  start "$work/logs/quarkus.log" "$SMCP_JAVA" "${java_flags[@]}" -jar "$folder/target/quarkus-app/quarkus-run.jar"
  line=$(await_line "$work/logs/quarkus.log" 'Listening on: http' "$started") || return 1
  url=${line##*Listening on: }/mcp
  why="it gave no session"
  session=$(quarkus_session "$url") || return 1
  add_case quarkus "Quarkus MCP Server $(pinned_quarkus), tool on the event loop, no authentication" "$url" "$(call_body add)" \
    "$(printf '%s\n' 'Content-Type: application/json' 'Accept: application/json, text/event-stream' \
      'MCP-Protocol-Version: 2025-06-18' "Mcp-Session-Id: $session")" '"text":"42"' "$started"
}

pinned_quarkus() {
  sed -n 's|.*<mcp.version>\(.*\)</mcp.version>.*|\1|p' "$here/lib/bench/quarkus/pom.xml"
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
  local source=$here/lib/bench/workerd folder=$work/workerd
  if ! made_of "$source" "$folder"; then
    why="Node.js and npm are not installed"
    command -v npm >/dev/null || return 1
    echo "fetching workerd and the official SDK"
    rm -rf "$folder" && cp -r "$source" "$folder" && cp -r "$source" "$folder/.source"
    # not npm ci: it wants the optional packages of every platform in the lock file
    why="npm could not fetch it, see target/bench/logs/workerd-install.log"
    attend npm --prefix "$folder" install --no-audit --no-fund >"$work/logs/workerd-install.log" 2>&1 || return 1
    touch "$folder/.made"
  fi
  start_workerd workerd-raw raw "workerd $(pinned_npm workerd), handler by hand" || return 1
  start_workerd workerd-sdk sdk "workerd, official TypeScript SDK $(pinned_npm @modelcontextprotocol/server)"
}

pinned_npm() {
  sed -n "s|.*\"$1\": \"\(.*\)\".*|\1|p" "$here/lib/bench/workerd/package.json"
}

# case, module, words for the report
start_workerd() {
  local folder=$work/workerd home=$work/workerd/$2 line port
  mkdir -p "$home" && cp "$folder/config.capnp" "$home/"
  why="$2.mjs could not be bundled, see target/bench/logs/$1.log"
  "$folder/node_modules/.bin/esbuild" "$folder/$2.mjs" --bundle --minify --format=esm --conditions=workerd,worker,import \
    --log-level=error --outfile="$home/worker.js" 2>"$work/logs/$1.log" || return 1
  why="$1 did not start, see target/bench/logs/$1.log"
  start "$work/logs/$1.log" "$folder/node_modules/.bin/workerd" serve "$home/config.capnp" --control-fd=1
  line=$(await_line "$work/logs/$1.log" '"event":"listen"' "$started") || return 1
  port=$(sed 's/.*"port":\([0-9]*\).*/\1/' <<<"$line")
  add_case "$1" "$3" "http://127.0.0.1:$port/" "$(call_body add)" "$(call_headers add none)" '"text":"42"' "$started"
}
