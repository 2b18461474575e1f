# shellcheck shell=bash
# The parts of scripts/bench: what is started, how it is checked, how it is measured. To be sourced; uses its variables.

REVISION=2026-07-28
META='"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"},"io.modelcontextprotocol/clientCapabilities":{}}'

pids=()
cases=()
missing=()
declare -A case_url case_headers case_body case_expected case_bytes case_says

die() {
  echo "bench: $*" >&2
  exit 1
}

# Ends what was started here, newest first, and nothing else.
stop_all() {
  local i
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill "${pids[i]}" 2>/dev/null || true
  done
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    wait "${pids[i]}" 2>/dev/null || true
  done
}

need_wrk() {
  command -v wrk >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "bench: installing wrk"
    { apt-get update && apt-get install -y wrk; } >"$work/logs/apt.log" 2>&1 && return
  fi
  die "wrk is missing: apt-get install wrk, or brew install wrk"
}

# Waits until the file $1 has a line with $2, and prints it; the process $3 must stay alive.
await_line() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    grep -m1 -e "$2" "$1" 2>/dev/null && return
    kill -0 "$3" 2>/dev/null || break
    sleep 0.1
  done
  cat "$1" >&2
  return 1
}

start_echo() {
  local line
  "$SMCP_JAVA" "${java_flags[@]}" -cp "$work/classes:$dist/lib/*" smcp.node.bench.EchoServer >"$work/logs/echo.log" 2>&1 &
  pids+=($!)
  line=$(await_line "$work/logs/echo.log" '^http' $!) || die "the echo server did not start"
  transport=${line#* }
  add_case echo "bare Vert.x echo" "${line%% *}/" "$(call_body add)" "$(call_headers add none)" '"text":"42"'
}

# The node as it comes, but for one event loop, as many as the echo has.
start_node() {
  local config=$work/node.yaml data=$work/data
  printf 'ingress:\n  instances: 1\n' >"$config"
  # shellcheck disable=SC2086 # a list of flags
  "$SMCP_JAVA" "${java_flags[@]}" ${BENCH_NODE_OPTS-} -cp "$dist/lib/*" smcp.node.Main node \
    --config "$config" --data "$data" --port 0 --admin-port 0 >"$work/logs/node.log" 2>&1 &
  pids+=($!)
  await_line "$work/logs/node.log" '^operator token' $! >/dev/null || die "the node did not start"
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

# name, words for the report, URL, body, headers, what an answer must contain
add_case() {
  cases+=("$1")
  case_says[$1]=$2
  case_url[$1]=$3
  case_body[$1]=$4
  case_headers[$1]=$5
  case_expected[$1]=$6
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
    "$(call_headers add "$verticle_key")" '"text":"42"'
  add_case verticle-worker "\`tools/call\`, engine \`verticle\`, tool on a worker" "$url" "$(call_body add_on_a_worker)" \
    "$(call_headers add_on_a_worker "$verticle_key")" '"text":"42"'
}

add_js_case() {
  local key
  if ! command -v node >/dev/null; then
    missing+=("js: Node.js is not installed")
    return
  fi
  key=$(deploy adder-js "$here/lib/bench/adder-js") || die "the JavaScript tenant could not be deployed"
  add_case js "\`tools/call\`, engine \`js\`" "$node_url/t/adder-js/mcp" "$(call_body add)" "$(call_headers add "$key")" '"text":"42"'
}

add_list_case() {
  local headers
  headers=$(printf '%s\n' 'Content-Type: application/json' 'Accept: application/json, text/event-stream' \
    "MCP-Protocol-Version: $REVISION" 'Mcp-Method: tools/list' "Authorization: Bearer $verticle_key")
  add_case list "\`tools/list\` from the catalogue" "$node_url/t/adder-java/mcp" \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{$META}}" "$headers" '"name":"add"'
}

# One call whose answer must be right; remembers how long an answer is.
check() {
  local name=$1 header answer sizes headers=()
  while IFS= read -r header; do headers+=(-H "$header"); done <<<"${case_headers[$name]}"
  answer=$(curl -sS --max-time 10 -X POST "${headers[@]}" --data-binary "${case_body[$name]}" \
    -w '\n%{http_code} %{size_header} %{size_download}' "${case_url[$name]}") || die "$name: no answer"
  sizes=${answer##*$'\n'}
  if [[ $sizes != 200\ * || $answer != *"${case_expected[$name]}"* ]]; then
    die "$name: wrong answer: $answer"
  fi
  # shellcheck disable=SC2086 # three numbers
  set -- $sizes
  case_bytes[$name]=$(($2 + $3))
}

# case, connections, seconds: prints wrk's figures, or fails if an answer was wrong
load() {
  local name=$1 output figures requests bytes status sockets right
  output=$(BENCH_BODY=${case_body[$name]} BENCH_HEADERS=${case_headers[$name]} \
    wrk -t1 -c"$2" -d"$3"s --timeout 10s --latency -s "$here/lib/bench/post.lua" "${case_url[$name]}")
  figures=$(sed -n 's/^FIGURES //p' <<<"$output")
  IFS=, read -r requests _ bytes _ _ _ _ status sockets <<<"$figures"
  [ -n "$requests" ] && [ "$requests" -gt 0 ] || die "$name: no answers: $output"
  [ "$status" = 0 ] && [ "$sockets" = 0 ] || die "$name: $status answers with an error status, $sockets failed on the socket"
  # an error inside a 200 is longer than the right answer; what is in flight when wrk stops counts half
  right=$((requests * case_bytes[$name]))
  local off=$((bytes > right ? bytes - right : right - bytes))
  [ $((off * 1000)) -le $((right * 5 + $2 * 1000 * case_bytes[$name])) ] ||
    die "$name: $requests answers have $bytes bytes, right ones would have $right"
  printf '%s\n' "$figures"
}

# round, case, connections, seconds: one line of the report's raw figures
measure() {
  local figures load1
  check "$2"
  read -r load1 _ </proc/loadavg || load1=
  figures=$(load "$2" "$3" "$4") || exit 1
  check "$2"
  printf '%s,%s,%s,%s,%s\n' "$1" "$2" "$3" "$load1" "$figures" >>"$work/report.csv"
  awk -F, -v n="$2" -v c="$3" '{printf "  %-22s c=%-3s %9.0f/s  p50 %5d us  p99 %6d us\n", n, c, $1 * 1e6 / $2, $4, $6}' <<<"$figures"
}

# Runs the rest with the lock held, if there is one.
exclusively() {
  if [ -z "$lock" ]; then
    "$@"
  else
    local held
    exec {held}>"$lock"
    flock "$held"
    "$@" || return
    exec {held}>&-
  fi
}

warm() {
  local name
  for name in "$@"; do
    check "$name"
    load "$name" "$connections" "$warm_up" >/dev/null || exit 1
  done
}

# All cases under load, then each with one connection.
round() {
  local round=$1 name
  shift
  for name in "$@"; do measure "$round" "$name" "$connections" "$seconds"; done
  for name in "$@"; do measure "$round" "$name" 1 "$((seconds < 8 ? 1 : seconds / 4))"; done
}

measure_all() {
  local i own=() others=() name order
  for name in "${cases[@]}"; do
    case $name in quarkus* | workerd*) others+=("$name") ;; *) own+=("$name") ;; esac
  done
  echo 'round,case,connections,load1,requests,micros,bytes,p50us,p90us,p99us,maxus,errorStatus,errorSocket' >"$work/report.csv"
  echo "warming up"
  exclusively warm "${own[@]}"
  [ ${#others[@]} = 0 ] || exclusively warm echo "${others[@]}"
  for ((i = 1; i <= rounds; i++)); do
    echo "round $i of $rounds"
    # every other round the other way around, so that nobody always runs on the machine its neighbour has warmed
    order=("${own[@]}" "${others[@]}")
    [ $((i % 2)) = 1 ] || mapfile -t order < <(printf '%s\n' "${order[@]}" | tac)
    exclusively round "$i" "${order[@]}"
  done
}

describe_machine() {
  local commit=
  commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null) || commit=unknown
  cat <<END
date=$(date -u +%F)
commit=$commit
cores=$(getconf _NPROCESSORS_ONLN)
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -1)
memory=$(awk '/^MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo 2>/dev/null)
kernel=$(uname -sr)
jdk=$("$SMCP_JAVA" -version 2>&1 | sed -n 2p)
node=$(node --version 2>/dev/null || echo none)
wrk=$(wrk -v 2>&1 | awk 'NR == 1 {print $2}')
transport=$transport
load=$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null)
rounds=$rounds
seconds=$seconds
warmUp=$warm_up
connections=$connections
missing=$(IFS=';'; printf '%s' "${missing[*]-}")
END
  local name
  for name in "${cases[@]}"; do
    printf 'says.%s=%s\n' "$name" "${case_says[$name]}"
  done
  printf 'requestBytes=%s\n' "$(printf %s "${case_body[echo]}" | wc -c)"
}
