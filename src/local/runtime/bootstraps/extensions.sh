#!/bin/sh
# Starts the extensions of an environment, waits until they are registered, and becomes the runtime. What they write and how they
# end is told apart from the runtime's: each runs behind a shell of its own, which is no child of the runtime.
# usage: extensions.sh <number of extensions> <extension>... <command>...
# Its own variables have names that no function has: one of the same name would change there.
# descriptors: 4 a line comes when the runtime may start; 5 is told "pid <number> <process>" and "exit <number> <code>" (the
# number counts from 0); 6 takes what extensions write
launch() {
  (
    # Of the runtime's variables an extension does not have these (AWS docs, runtimes-extensions-api).
    unset _HANDLER AWS_EXECUTION_ENV AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_XRAY_CONTEXT_MISSING \
      AWS_XRAY_DAEMON_ADDRESS _AWS_XRAY_DAEMON_ADDRESS _AWS_XRAY_DAEMON_PORT LAMBDA_RUNTIME_DIR LAMBDA_TASK_ROOT _TUNE_SDK _TUNE_OPT NODE_PATH PYTHONPATH
    cd /
    "$2" >&6 2>&6 4<&- 5>&- 6>&- &
    echo "pid $1 $!" >&5
    wait $!
    echo "exit $1 $?" >&5
  ) >/dev/null 2>&1 4<&- &
}
_tune_count=$1
shift
(
  _tune_number=0
  while [ "$_tune_number" -lt "$_tune_count" ]; do
    launch "$_tune_number" "$1"
    shift
    _tune_number=$((_tune_number + 1))
  done
)
while [ "$_tune_count" -gt 0 ]; do
  shift
  _tune_count=$((_tune_count - 1))
done
exec 5>&- 6>&-
read -r _ <&4 || exit 1
exec "$@" 4<&-
