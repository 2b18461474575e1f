#!/usr/bin/env bash
# Runs every command of the README, as it stands, in a checkout of its own with a node of its own; then the steps of the Dockerfile.
# Prints one line a check, "ok …" or "not ok …". Needs the distribution to be built, and the ports 8080 and 9080, as the README does.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d)
node_pid=
stop_node() { if [ -n "$node_pid" ]; then kill -TERM -- "-$node_pid" 2>/dev/null; wait "$node_pid" 2>/dev/null; node_pid=; fi; }
trap 'stop_node; rm -rf "$work" /tmp/dice /tmp/dice.key /tmp/dice-java' EXIT
failures=0
check() {
  local what=$1
  shift
  if "$@"; then echo "ok $what"; else echo "not ok $what"; failures=$((failures + 1)); fi
}
wait_for() { # FILE TEXT SECONDS
  for _ in $(seq "$(($3 * 10))"); do grep -q "$2" "$1" 2>/dev/null && return 0; sleep 0.1; done
  echo "# waited $3 s for \"$2\"; the end of the output:"
  tail -n 15 "$1" | sed 's/^/# /'
  return 1
}
# the process is a session of its own, so that a terminal's absence stops nothing and the whole of it can be ended
start() { # OUTPUT COMMAND…
  local output=$1
  shift
  setsid "$@" >"$output" 2>&1 </dev/null &
  node_pid=$!
}

for port in 8080 9080; do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "not ok port $port is free: something listens there"; exit 1; fi
done
unset SMCP_TOKEN SMCP_TOKEN_FILE SMCP_KEY SMCP_KEY_FILE SMCP_ADMIN SMCP_URL SMCP_DIST
mkdir -p "$work/checkout/node/target"
git -C "$root" archive HEAD | tar -x -C "$work/checkout"
cp -R "$root/node/target/dist" "$work/checkout/node/target/"
cd "$work/checkout" || exit 1

start "$work/node.out" scripts/smcp dev
check "a node for the README's commands starts" wait_for "$work/node.out" 'Ctrl-C stops' 30
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' README.md | grep -vxE 'scripts/(run|test)' >"$work/readme.sh"
check "the README has commands" test "$(grep -c . "$work/readme.sh")" -ge 20
check "every command of the README works" bash -euo pipefail -c ". '$work/readme.sh' >'$work/readme.out' 2>&1 </dev/null"
check "its JavaScript tenant rolls dice" grep -q 'You rolled' "$work/readme.out"
check "its Java tenant rolls dice" grep -q '"sum"' "$work/readme.out"
[ "$failures" -eq 0 ] || sed 's/^/# /' "$work/readme.out"
curl -sf http://127.0.0.1:9080/metrics >"$work/metrics"
check "metrics are in Prometheus' format" grep -q '^smcp_call_seconds' "$work/metrics"
for url in http://127.0.0.1:8080/health/live http://127.0.0.1:8080/health/ready http://127.0.0.1:9080/admin/v1/openapi.json; do
  check "$url of the README answers" curl -sf -o "$work/answer" "$url"
done
stop_node
nothing_left() { ! pgrep -f "$work" >/dev/null; }
check "nothing is left running" nothing_left
for file in $(grep -o '](\([A-Za-z][^):#]*\))' README.md | tr -d '()]'); do
  check "the README's link to $file leads somewhere" test -e "$file"
done

# the Dockerfile: the image's layout in a folder, its own commands
check "the Dockerfile copies what is there" test -e "$root/scripts/lib/build.sh" -a -d "$root/node/target/dist"
build=$(awk '/^# step: build/ { getline; sub(/^RUN /, ""); print }' Dockerfile)
check "the Dockerfile's build step works" bash -c "cd '$root' && $build" </dev/null >"$work/build.out" 2>&1
mkdir -p "$work/image/bin/lib"
cp -R "$root/node/target/dist/." "$work/image/"
cp scripts/smcp "$work/image/bin/" && cp scripts/lib/java.sh "$work/image/bin/lib/"
entry=$(awk '/^# step: run/ { getline; print }' Dockerfile | grep -o '"[^"]*"' | tr -d '"' | sed "s#^/opt/smcp#$work/image#; s#^/var/lib/smcp#$work/var#" | tr '\n' ' ')
# shellcheck disable=SC2086 # the entry point is a list of words
start "$work/image.out" $entry
check "the Dockerfile's entry point starts a node" wait_for "$work/image.out" 'control plane   http' 30
check "which is alive" curl -sf -o "$work/answer" http://127.0.0.1:8080/health/live
stop_node
echo "# $failures failed"
exit $((failures > 0))
