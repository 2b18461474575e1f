#!/usr/bin/env bash
# Builds the distribution under node/target/dist. Run by itself, it does so whenever a source is newer, and fetches the JavaScript runner's library.
# To be sourced after java.sh, with $root set to the checkout:
#
#   smcp_build_needed && smcp_build LOG     # Maven, without tests
#   smcp_js_runner LOG                      # the runner's npm packages, into the distribution
#
# The runner's packages are fetched here and not by Maven: a machine without npm still builds and runs Java tenants.

SMCP_NODE_NEEDED=20

# Is there no distribution yet, or a source that is newer? Folders count, so a deleted file does too.
smcp_build_needed() {
  local built=$root/node/target/dist/.built source sources=()
  [ -e "$built" ] && compgen -G "$root/node/target/dist/lib/smcp-node*.jar" >/dev/null || return 0
  for source in "$root"/pom.xml "$root"/.mvn "$root"/conf "$root"/node/{pom.xml,src/main} \
    "$root"/verticles/*/{pom.xml,src,index.d.ts,runner.mjs,package.json,package-lock.json} \
    "$root"/verticles/samples/*/{pom.xml,src}; do
    case $source in */edge/src | */tenant-api/src) source=$source/main ;; esac
    [ -e "$source" ] && sources+=("$source")
  done
  [ -n "$(find "${sources[@]}" -newer "$built" -print -quit)" ]
}

# Everything Maven makes, into $1 if something goes wrong. Jars of an earlier build go first: two versions of one library would both be loaded.
smcp_build() {
  local log=$1 dist=$root/node/target/dist
  if ! command -v mvn >/dev/null 2>&1; then
    echo "SMCP is built with Maven 3.8.7 or newer, and there is no mvn on PATH (apt install maven, brew install maven, sdk install maven)" >&2
    return 1
  fi
  mkdir -p "$root/node/target"
  # the time is that of the start: what is edited during the build is built again
  touch "$root/node/target/.building"
  rm -rf "$dist/lib"
  # but for the S3 server of the tests, which is a download of its own
  (cd "$root" && mvn -q -B -DskipTests -pl '!verticles/edge/src/test/s3mock' package) >>"$log" 2>&1 || return 1
  mv "$root/node/target/.building" "$dist/.built"
}

# Says on standard output why JavaScript tenants cannot run here; nothing if they can.
smcp_js_missing() {
  local version
  if ! command -v node >/dev/null 2>&1; then
    echo "Node.js: JavaScript tenants are off; Node.js $SMCP_NODE_NEEDED or newer runs them (https://nodejs.org, apt install nodejs npm)"
    return
  fi
  version=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null)
  if [ "${version:-0}" -lt "$SMCP_NODE_NEEDED" ]; then
    echo "Node.js $SMCP_NODE_NEEDED: JavaScript tenants are off; the node on PATH is version ${version:-unknown}"
  elif ! smcp_js_runner_current && ! command -v npm >/dev/null 2>&1; then
    echo "npm: JavaScript tenants are off; their runner needs it once, to fetch one library (apt install npm)"
  fi
}

smcp_js_runner_current() {
  local runner=$root/node/target/dist/tenant-js
  [ -e "$runner/node_modules/.package-lock.json" ] && cmp -s "$runner/package-lock.json" "$runner/node_modules/.fetched"
}

# The libraries of the JavaScript runner, into the distribution; npm's words into $1.
smcp_js_runner() {
  local runner=$root/node/target/dist/tenant-js
  smcp_js_runner_current && return 0
  (cd "$runner" && npm ci --omit=dev --no-audit --no-fund) >>"$1" 2>&1 || return 1
  cp "$runner/package-lock.json" "$runner/node_modules/.fetched"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -euo pipefail
  root=$(cd "$(dirname "$0")/../.." && pwd -P)
  # shellcheck source=java.sh
  . "$root/scripts/lib/java.sh"
  smcp_find_java || exit 1
  if smcp_build_needed; then smcp_build /dev/stdout; fi
  missing=$(smcp_js_missing)
  if [ -n "$missing" ]; then
    echo "missing here: $missing" >&2
  else
    smcp_js_runner /dev/stdout
  fi
fi
