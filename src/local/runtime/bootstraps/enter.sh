#!/bin/sh
# The last step before the runtime, read by the shell that waits in an environment (place.ts): enters the control groups where
# that is not done, so that not even the interpreter's start escapes them, says on descriptor 3 that the runtime starts now, and
# becomes it. The time is told as well (nanoseconds of the epoch, where `date` knows them): whoever reads it may be busy, and must
# not take the moment of reading for it. So is what this process ran and waited for a core until now (nanoseconds), which is no
# part of the runtime's init.
# arguments: <file size limit in 512-byte blocks> <CPUs to use, - for all> <number of groups> <file to enter one>... <command>...
# and `variables` exports the function's own: they must not reach the tools that led here.
set -e
# A core dump would land in the code folder.
ulimit -c 0
ulimit -f "$1"
# Lambda's own (AWS docs, gettingstarted-limits: file descriptors). A host that allows fewer keeps its own.
ulimit -n 1024 2>/dev/null || :
[ "$2" = - ] || taskset -c -p "$2" $$ >/dev/null
groups=$3
shift 3
while [ "$groups" -gt 0 ]; do
  echo 0 > "$1"
  shift
  groups=$((groups - 1))
done
now=$(date +%s%N 2>/dev/null) || now=
used=
[ ! -r /proc/self/schedstat ] || read -r used < /proc/self/schedstat
unset OLDPWD
echo "$now $used" >&3
# Last: one may be named as those above.
variables
exec "$@" </dev/null 3>&-
