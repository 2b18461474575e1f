# shellcheck shell=bash
# What scripts/bench starts, and how it ends. To be sourced; uses its variables.
#
# Each process is started in a group of its own (set -m), so that it ends with its children, and so that Ctrl-C comes to the
# script alone, which then ends them in order.

pids=()
attended=

die() {
  echo "bench: $*" >&2
  exit 1
}

# Runs a command to its end; signals are heard meanwhile, which bash does not do while a command runs in front.
attend() {
  local status=0
  set -m
  "$@" </dev/null &
  attended=$!
  set +m
  wait "$attended" || status=$?
  attended=
  return "$status"
}

# log, command: runs on until stop_all; its process id is in $started
start() {
  local log=$1
  shift
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  started=$!
  set +m
  pids+=("$started")
}

# Ends what was started here, newest first, and nothing else: asks, and after ten seconds insists.
stop_all() {
  local i pid tries
  trap '' HUP INT TERM
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill -TERM "${pids[i]}" 2>/dev/null || true; done
  if [ -n "$attended" ]; then
    kill -TERM -- "-$attended" 2>/dev/null || true
    pids+=("$attended")
  fi
  for pid in ${pids[@]+"${pids[@]}"}; do
    for ((tries = 0; tries < 100; tries++)); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
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

# All that is measured is measured under one lock: servers that wait in between would grow cold.
hold_lock() {
  [ -n "$lock" ] || return 0
  command -v flock >/dev/null || die "--lock needs flock"
  exec {held}>>"$lock"
  flock -n "$held" && return
  echo "waiting for the lock on $lock"
  attend flock "$held"
}

release_lock() {
  [ -z "$lock" ] || exec {held}>&-
}
