# shellcheck shell=bash
# How scripts/bench checks and measures. To be sourced; uses its variables.

declare -A case_bytes
# more than this share of a core taken by other programs spoils a measurement
NOISE_PERCENT=10
TRIES=5

need_wrk() {
  command -v wrk >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing wrk"
    attend install_wrk && return
  fi
  die "wrk is missing: apt-get install wrk, or brew install wrk"
}

install_wrk() {
  { apt-get update && apt-get install -y wrk; } >"$work/logs/apt.log" 2>&1
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

# case, connections, seconds: leaves wrk's figures in $figures; ends the run if an answer was wrong
load() {
  local name=$1 requests bytes status sockets right output=$work/logs/wrk.log
  BENCH_BODY=${case_body[$name]} BENCH_HEADERS=${case_headers[$name]} \
    attend wrk -t1 -c"$2" -d"$3"s --timeout 10s --latency -s "$here/lib/bench/post.lua" "${case_url[$name]}" >"$output" 2>&1 ||
    die "$name: wrk failed: $(<"$output")"
  figures=$(sed -n 's/^FIGURES //p' "$output")
  IFS=, read -r requests _ bytes _ _ _ _ status sockets <<<"$figures"
  [ -n "$requests" ] && [ "$requests" -gt 0 ] || die "$name: no answers: $(<"$output")"
  [ "$status" = 0 ] && [ "$sockets" = 0 ] || die "$name: $status answers with an error status, $sockets failed on the socket"
  # an error inside a 200 is longer than the right answer; what is in flight when wrk stops counts half
  right=$((requests * case_bytes[$name]))
  local off=$((bytes > right ? bytes - right : right - bytes))
  [ $((off * 1000)) -le $((right * 5 + $2 * 1000 * case_bytes[$name])) ] ||
    die "$name: $requests answers have $bytes bytes, right ones would have $right"
}

# Processor time so far in clock ticks: the process $1 with its children, this script with what it has waited for, the whole
# machine (stolen time too: a neighbour's on the same host). Nothing where there is no Linux /proc.
ticks() {
  [ -r /proc/stat ] || return 0
  # a process may end between the listing and the reading
  { cat /proc/stat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v server="$1" -v script="$$" '
    /^cpu / { machine = $2 + $3 + $4 + $7 + $8 + $9; next }
    match($0, /^[0-9]+ \(.*\) /) {
      pid = $1
      split(substr($0, RLENGTH + 1), field, " ")
      parent[pid] = field[2]
      mine[pid] = field[12] + field[13]
      if (pid == script) own = mine[pid] + field[14] + field[15]
    }
    END {
      for (pid in parent) {
        for (up = pid; up in parent && up != server; up = parent[up]) {}
        if (up == server) sum += mine[pid]
      }
      print sum + 0, own + 0, machine
    }'
}

load_average() {
  cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || uptime | sed 's/.*averages*: *//'
}

# round, case, connections, seconds: one line of the report's raw figures
measure() {
  local figures load1 before after cpu try
  for ((try = 1; ; try++)); do
    check "$2"
    load1=$(load_average)
    before=$(ticks "${case_pid[$2]}")
    load "$2" "$3" "$4"
    after=$(ticks "${case_pid[$2]}")
    check "$2"
    # microseconds of the server, of the load generator, and of all other programs
    cpu=$(awk -v hz="$(getconf CLK_TCK)" -v before="$before" -v after="$after" 'BEGIN {
      if (split(before, b, " ") < 3 || split(after, a, " ") < 3) { print ",,"; exit }
      server = a[1] - b[1]; own = a[2] - b[2]; others = a[3] - b[3] - server - own
      printf "%d,%d,%d\n", server * 1e6 / hz, own * 1e6 / hz, (others < 0 ? 0 : others) * 1e6 / hz
    }')
    awk -F, -v n="$2" -v c="$3" '{
      printf "  %-16s c=%-3s %9.0f/s  p50 %5d us  p99 %6d us", n, c, $1 * 1e6 / $2, $4, $6
      if ($10 != "") printf "  cpu %5.1f us a call; others %3.0f %% of a core", $10 / $1, 100 * $12 / $2
      print ""
    }' <<<"$figures,$cpu"
    printf '%s,%s,%s,%s,%s,%s,%s\n' "$1" "$2" "$3" "$try" "${load1%% *}" "$figures" "$cpu" >>"$work/measured.csv"
    [ "$try" -lt "$TRIES" ] && noisy "$figures,$cpu" || break
    echo "  again: other programs were at work"
  done
  tail -n 1 "$work/measured.csv" >>"$work/report.csv"
}

noisy() {
  awk -F, -v most="$NOISE_PERCENT" '{ exit !($12 != "" && 100 * $12 > most * $2) }' <<<"$1"
}

# All cases under load, then each with one connection.
round() {
  local round=$1 name
  shift
  for name in "$@"; do measure "$round" "$name" "$connections" "$seconds"; done
  for name in "$@"; do measure "$round" "$name" 1 "$((seconds < 8 ? 1 : seconds / 4))"; done
}

measure_all() {
  local i name order figures
  echo 'round,case,connections,try,load1,requests,micros,bytes,p50us,p90us,p99us,maxus,errorStatus,errorSocket,serverCpuUs,loadCpuUs,otherCpuUs' |
    tee "$work/measured.csv" >"$work/report.csv"
  echo "warming up"
  for name in "${cases[@]}"; do
    check "$name"
    load "$name" "$connections" "$warm_up"
  done
  for ((i = 1; i <= rounds; i++)); do
    echo "round $i of $rounds"
    # every other round the other way around, so that nobody always runs on the machine its neighbour has warmed
    order=("${cases[@]}")
    [ $((i % 2)) = 1 ] || mapfile -t order < <(printf '%s\n' "${order[@]}" | tac)
    round "$i" "${order[@]}"
  done
}

describe_machine() {
  local commit name
  commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null) || commit=unknown
  [ -z "$(git -C "$root" status --porcelain --untracked-files=no 2>/dev/null)" ] || commit="$commit with changes"
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
commandLine=scripts/bench$($peers && echo " --peers") --rounds $rounds --seconds $seconds --warm-up $warm_up --connections $connections
noisePercent=$NOISE_PERCENT
loadBefore=$(load_average)
rounds=$rounds
seconds=$seconds
warmUp=$warm_up
connections=$connections
missing=$(IFS=';'; printf '%s' "${missing[*]-}")
END
  for name in "${cases[@]}"; do
    printf 'says.%s=%s\n' "$name" "${case_says[$name]}"
  done
  printf 'requestBytes=%s\n' "$(printf %s "${case_body[echo]}" | wc -c)"
}
