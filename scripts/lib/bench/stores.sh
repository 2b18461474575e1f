#!/usr/bin/env bash
# scripts/bench stores: each store through its interface beside the store by itself. --help says more.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
root=$(cd "$here/.." && pwd -P)
# shellcheck source=../java.sh
. "$here/lib/java.sh"

STORES=(sqlite redis files s3 audit)

usage() {
  cat <<END
Usage: scripts/bench stores [--store KIND]... [--quick] [--rounds N] [--seconds N] [--warm-up N] [--report NAME]

Does the same thing through the interface that the node uses, and with the store by itself, in alternating rounds: commits of the
registry, values, sessions and frames, with one caller and with 32, blobs of 1 MiB with one and with four. Prints, and writes as a page, medians of the throughput,
their ratio, p50 and p99.

  --store KIND    one of: ${STORES[*]}; may be given more than once (default: all)
  --quick         one short round: shows that everything works, says nothing about speed
  --rounds N      rounds, 1 to 100 (default 5)
  --seconds N     seconds of each measurement, 1 to 600 (default 3)
  --warm-up N     seconds each is warmed up before, 1 to 600 (default 3)
  --report NAME   write docs/benchmarks/NAME.md and NAME.csv instead of target/bench-stores/report.md and .csv

Needs a JDK $SMCP_JAVA_NEEDED and Maven, for redis also redis-server and redis-cli. Runs on the disk that this checkout is on.
END
}

refuse() {
  echo "bench: $*; scripts/bench stores --help lists the options" >&2
  exit 2
}

stores=() rounds=5 seconds=3 warm_up=3 report=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --store)
      [[ " ${STORES[*]} " == *" ${2-} "* ]] || refuse "--store takes one of ${STORES[*]}, got \"${2-}\""
      stores+=("$2")
      shift
      ;;
    --quick) rounds=1 seconds=1 warm_up=1 ;;
    --rounds | --seconds | --warm-up)
      most=600
      [ "$1" != --rounds ] || most=100
      [[ ${2-} =~ ^[1-9][0-9]{0,2}$ ]] && [ "$2" -le $most ] || refuse "$1 takes a number from 1 to $most, got \"${2-}\""
      name=${1#--}
      printf -v "${name//-/_}" %s "$2"
      shift
      ;;
    --report)
      [[ ${2-} =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || refuse "--report takes a file name without a folder, got \"${2-}\""
      report=${2%.md}
      shift
      ;;
    *) refuse "unknown argument \"$1\"" ;;
  esac
  shift
done
[ ${#stores[@]} -gt 0 ] || stores=("${STORES[@]}")

smcp_find_java || exit 1
work=$root/target/bench-stores
rm -rf "$work/data"
mkdir -p "$work/data"
trap 'rm -rf "$work/data"' EXIT
echo "building" >&2
(cd "$root" && mvn -q -B -DskipTests -pl verticles/edge/src/test/s3mock,verticles/edge -am test-compile dependency:build-classpath \
  -DincludeScope=test -Dmdep.outputFile=target/test.classpath) </dev/null >"$work/build.log" 2>&1 ||
  { cat "$work/build.log" >&2; exit 1; }
classes=$root/verticles/edge/target/test-classes:$root/verticles/edge/target/classes
path=$classes:$(cat "$root/verticles/edge/target/test.classpath")

load_before=$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo "not known here")
cd "$root/verticles/edge" # the S3 server is found from here
"$SMCP_JAVA" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx1g \
  -Dlogback.configurationFile="$here/lib/crash/logback.xml" -cp "$path" \
  smcp.store.bench.StoreBench "$work/data" "$rounds" "$seconds" "$warm_up" "$work/table.md" "$work/report.csv" "${stores[@]}"

commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null) || commit=unknown
[ -z "$(git -C "$root" status --porcelain --untracked-files=no 2>/dev/null)" ] || commit="$commit with changes"
out=$work/report
if [ -n "$report" ]; then
  mkdir -p "$root/docs/benchmarks"
  out=$root/docs/benchmarks/$report
  cp "$work/report.csv" "$out.csv"
fi
{
  echo "# Stores, measured $(date -u +%F)"
  echo
  echo "Written by \`scripts/bench stores\`: each store through the interface that the node uses, and beside it the store by itself, alternating in one run. Only the ratios travel to another machine."
  echo
  cat "$work/table.md"
  cat <<END

How to read it: with one caller the difference is the way through the store's queue and back to the event loop, two changes of thread; with 32, writes that wait at the same time share a transaction and a sync of the disk, as those beside them do by design. A commit of the registry also updates the copy in memory and tells who listens; a value is checked for its version, quota and sum; a frame is checked for its place. A blob is streamed and hashed, in and out; the S3 server is that of the tests, a JVM on the same machine, so it is what is measured there. The audit log's p50 is what a call pays on its way; its records a second are those of the log's own thread, which makes the line and its MAC.

## Machine

| | |
|---|---|
| processor | $(getconf _NPROCESSORS_ONLN) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -1) |
| memory | $(awk '/^MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo 2>/dev/null) |
| kernel | $(uname -sr) |
| file system | $(df --output=fstype "$work" 2>/dev/null | tail -1) |
| Java | $("$SMCP_JAVA" -version 2>&1 | sed -n 2p) |
| load average before | $load_before |
| commit | $commit |
END
} >"$out.md"
echo
sed -n '/^| store/,/^$/p' "$out.md"
echo "report: ${out#"$root"/}.md"
