#!/usr/bin/env bash
# Runs annotate.sbatch on a Slurm of its own, with one task requeued and one cancelled in the middle, and compares
# the results with those of a single run: samples/slurm/try.sh PROGRAM
# Needs root and Debian's slurmctld, slurmd and munge. All files lie in a temporary folder.
set -euo pipefail
cd "$(dirname "$0")"

program=$(realpath "$1")
work=$(mktemp -d)
host=$(hostname -s)
export SLURM_CONF=$work/slurm.conf
say() { printf 'slurm: %s\n' "$*"; }

stop() {
  local status=$?
  [ "$status" -eq 0 ] || tail -n 20 "$work"/*.log >&2
  for name in slurmd slurmctld munged; do
    [ ! -s "$work/$name.pid" ] || kill "$(cat "$work/$name.pid")" 2> /dev/null || true
  done
  sleep 1
  rm -rf "$work"
}
trap stop EXIT

mkdir "$work"/{state,spool,media}
dd if=/dev/urandom of="$work/munge.key" bs=1024 count=1 status=none
chmod 400 "$work/munge.key"
chmod 755 "$work"
chmod 700 "$work/state"
munged --force --key-file="$work/munge.key" --socket="$work/munge.socket" \
  --pid-file="$work/munged.pid" --log-file="$work/munged.log" --seed-file="$work/munge.seed"

cat > "$SLURM_CONF" << CONF
ClusterName=try
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld
slurmd
for _ in $(seq 60); do
  [ "$(sinfo -h -o %T 2> /dev/null)" = idle ] && break
  sleep 0.5
done
say "$(sinfo -h -o '%D node, %c processors, %T')"

say "drawing 24 clips"
for number in $(seq 24); do
  ../make-clip.sh "$work/media/clip$number.mp4" > /dev/null
done
"$program" batch "$work/media" -o "$work/alone" -q

say "an array of 8 tasks"
job=$(sbatch --parsable --cpus-per-task=1 --output="$work/task-%a.log" \
  --export=ALL,SOURCES="$work/media",OUT="$work/out",STREAM_DETECT="$program" annotate.sbatch)
# Wait until the first tasks run, then disturb two of them.
for _ in $(seq 200); do
  [ "$(squeue -h -r -t RUNNING -j "$job" | wc -l)" -ge 2 ] && break
  sleep 0.05
done
scontrol requeue "${job}_1" && say "task 1 is requeued"
scancel "${job}_2" && say "task 2 is cancelled"
wait_for() {
  while [ -n "$(squeue -h -r -j "$1" 2> /dev/null)" ]; do
    # A requeued task waits for two minutes; here it need not.
    scontrol update JobId="$1" StartTime=now > /dev/null 2>&1 || true
    sleep 0.5
  done
}
wait_for "$job"

say "the same array again, for what was cancelled"
job=$(sbatch --parsable --cpus-per-task=1 --output="$work/again-%a.log" \
  --export=ALL,SOURCES="$work/media",OUT="$work/out",STREAM_DETECT="$program" annotate.sbatch)
wait_for "$job"
"$program" batch status "$work/out"

frames() { (cd "$1" && find . -name '*.jsonl' | sort | xargs grep -h '"type":"frame"' | md5sum); }
[ "$(frames "$work/out")" = "$(frames "$work/alone")" ] || {
  say "the frame lines differ from those of a single run"
  exit 1
}
say "the frame lines are those of a single run, byte by byte"
