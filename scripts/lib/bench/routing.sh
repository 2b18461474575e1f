#!/usr/bin/env bash
# scripts/bench routing: writes docs/benchmarks/routing.md. --help says more.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
root=$(cd "$here/.." && pwd -P)
# shellcheck source=../java.sh
. "$here/lib/java.sh"

usage() {
  cat <<END
Usage: scripts/bench routing

Runs the router against clusters that are played in virtual time (a slow node, a dead region, a hot tenant, ...) and writes what
it chose to docs/benchmarks/routing.md. The same code writes the same page on every machine; a test compares them, so run this
after a change of the policy and read the diff. Takes about ten seconds, most of them Maven's.

Needs a JDK $SMCP_JAVA_NEEDED and Maven.
END
}

case ${1-} in
  -h | --help) usage; exit 0 ;;
  '') ;;
  *) echo "bench: unknown argument \"$1\"; scripts/bench routing --help says more" >&2; exit 2 ;;
esac

smcp_find_java || exit 1
work=$root/target/bench-routing
mkdir -p "$work"
echo "building" >&2
(cd "$root" && mvn -q -B -DskipTests -pl verticles/edge/src/test/s3mock,verticles/edge -am test-compile dependency:build-classpath \
  -DincludeScope=test -Dmdep.outputFile=target/test.classpath) </dev/null >"$work/build.log" 2>&1 ||
  { cat "$work/build.log" >&2; exit 1; }
path=$root/verticles/edge/target/test-classes:$root/verticles/edge/target/classes:$(cat "$root/verticles/edge/target/test.classpath")
"$SMCP_JAVA" -Dlogback.configurationFile="$here/lib/crash/logback.xml" -cp "$path" \
  smcp.router.RoutingReport "$root/docs/benchmarks/routing.md"
echo "written: docs/benchmarks/routing.md" >&2
