# shellcheck shell=bash
# What scripts/bench measures: the servers, and the call that is made to each. To be sourced; uses its variables.

REVISION=2026-07-28
META='"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"},"io.modelcontextprotocol/clientCapabilities":{}}'

cases=()
missing=()
declare -A case_url case_headers case_body case_expected case_says case_pid

start_echo() {
  local line
  start "$work/logs/echo.log" "$SMCP_JAVA" "${java_flags[@]}" -cp "$work/classes:$dist/lib/*" smcp.node.bench.EchoServer
  line=$(await_line "$work/logs/echo.log" '^http' "$started") || die "the echo server did not start"
  transport=${line#* }
  add_case echo "bare Vert.x echo" "${line%% *}/" "$(call_body add)" "$(call_headers add none)" '"text":"42"' "$started"
}

# The node as it comes, but for one event loop, as many as the echo has.
start_node() {
  local config=$work/node.yaml data=$work/data
  printf 'ingress:\n  instances: 1\n' >"$config"
  # shellcheck disable=SC2086 # a list of flags
  start "$work/logs/node.log" "$SMCP_JAVA" "${java_flags[@]}" ${BENCH_NODE_OPTS-} -cp "$dist/lib/*" smcp.node.Main node \
    --config "$config" --data "$data" --port 0 --admin-port 0
  node_pid=$started
  await_line "$work/logs/node.log" '^operator token' "$node_pid" >/dev/null || die "the node did not start"
  node_url=$(sed -n 's|^data plane *\(http://[^/]*\)/.*|\1|p' "$work/logs/node.log")
  SMCP_ADMIN=$(sed -n 's|^control plane *\(http://[^/]*\)/.*|\1|p' "$work/logs/node.log")
  SMCP_TOKEN_FILE=$data/operator.token
  export SMCP_ADMIN SMCP_TOKEN_FILE
}

smcp() {
  "$here/smcp" "$@"
}

# A private tenant $1 with the package $2; prints a client's key.
deploy() {
  smcp tenant create "$1" --trust operator >"$work/logs/$1.log" &&
    smcp deploy "$2" --tenant "$1" >>"$work/logs/$1.log" &&
    smcp client create "$1" bench >>"$work/logs/$1.log" &&
    smcp key create "$1" bench 2>>"$work/logs/$1.log"
}

call_body() {
  printf '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{"a":20,"b":22},%s}}' "$1" "$META"
}

# The headers of a call of tool $1 with the key $2, as a modern client sends them.
call_headers() {
  printf '%s\n' 'Content-Type: application/json' 'Accept: application/json, text/event-stream' \
    "MCP-Protocol-Version: $REVISION" 'Mcp-Method: tools/call' "Mcp-Name: $1" "Authorization: Bearer $2"
}

# name, words for the report, URL, body, headers, what an answer must contain, process of the server
add_case() {
  cases+=("$1")
  case_says[$1]=$2
  case_url[$1]=$3
  case_body[$1]=$4
  case_headers[$1]=$5
  case_expected[$1]=$6
  case_pid[$1]=$7
}

add_verticle_cases() {
  local jar=$work/adder.jar folder=$work/adder-java
  rm -rf "$folder" && mkdir -p "$folder/smcp/node/bench"
  cp "$here/lib/bench/adder-java.json" "$folder/smcp.json"
  cp "$work/classes/smcp/node/bench/Adder"*.class "$folder/smcp/node/bench/"
  "$JAVA_HOME/bin/jar" --create --file "$jar" -C "$folder" .
  verticle_key=$(deploy adder-java "$jar") || die "the Java tenant could not be deployed"
  local url=$node_url/t/adder-java/mcp
  add_case verticle-inline "\`tools/call\`, engine \`verticle\`, inline tool" "$url" "$(call_body add)" \
    "$(call_headers add "$verticle_key")" '"text":"42"' "$node_pid"
  add_case verticle-worker "\`tools/call\`, engine \`verticle\`, tool on a worker" "$url" "$(call_body add_on_a_worker)" \
    "$(call_headers add_on_a_worker "$verticle_key")" '"text":"42"' "$node_pid"
}

add_js_case() {
  local key
  if [ -n "$js_missing" ]; then
    missing+=("js: $js_missing")
    return
  fi
  key=$(deploy adder-js "$here/lib/bench/adder-js") || die "the JavaScript tenant could not be deployed"
  add_case js "\`tools/call\`, engine \`js\`" "$node_url/t/adder-js/mcp" "$(call_body add)" "$(call_headers add "$key")" \
    '"text":"42"' "$node_pid"
}

add_list_case() {
  local headers
  headers=$(printf '%s\n' 'Content-Type: application/json' 'Accept: application/json, text/event-stream' \
    "MCP-Protocol-Version: $REVISION" 'Mcp-Method: tools/list' "Authorization: Bearer $verticle_key")
  add_case list "\`tools/list\` from the catalogue" "$node_url/t/adder-java/mcp" \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{$META}}" "$headers" '"name":"add"' "$node_pid"
}
