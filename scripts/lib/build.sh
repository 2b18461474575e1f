#!/usr/bin/env bash
# Builds the distribution, node/target/dist, without running tests: the jars, the JavaScript runner with what it needs, configuration and the launcher.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd "$root"
# shellcheck source=java.sh
. scripts/lib/java.sh
smcp_find_java || exit 1
command -v mvn >/dev/null || { echo "Maven (mvn) is not on the PATH: it is needed to build SMCP; https://maven.apache.org/install.html" >&2; exit 1; }
mvn -q -B -DskipTests package
if command -v npm >/dev/null; then
  (cd verticles/tenant-js && npm ci --omit=dev --no-audit --no-fund --silent)
  mkdir -p node/target/dist/tenant-js
  rm -rf node/target/dist/tenant-js/node_modules
  cp -R verticles/tenant-js/node_modules node/target/dist/tenant-js/
fi
