#!/usr/bin/env bash
# Annotates an archive with GNU parallel, on this machine or on several over SSH:
#   samples/parallel/annotate.sh SOURCES OUT [PARALLEL-OPTION…]
#   samples/parallel/annotate.sh /archive /labels --sshlogin node1,node2
#
# Each job does one shard with one thread. SOURCES and OUT are the same paths on all machines. Run it again to go on
# after whatever stopped it. SHARDS and STREAM_DETECT name the number of shards (64) and the program.
set -euo pipefail

sources=$1
out=$2
shift 2
shards=${SHARDS:-64}
program=${STREAM_DETECT:-stream-detect}

# Exit code 3 says that some inputs are bad for good, which isn't a failure of the job.
seq "$shards" | parallel --retries 3 --joblog +"$PWD/annotate.log" "$@" \
  "$program batch $(printf %q "$sources") -o $(printf %q "$out") --shard {}/$shards --threads 1 --quiet || [ \$? -eq 3 ]"
"$program" batch status "$out"
