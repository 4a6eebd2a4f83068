#!/bin/sh
# Starts a runtime as Lambda's own bootstraps do where AWS_LAMBDA_EXEC_WRAPPER names a program: that one is started, with the
# runtime's command as its arguments.
wrapper=$AWS_LAMBDA_EXEC_WRAPPER
# Where the package cannot be at /var/task.
case $wrapper in /var/task/*) [ -f "$wrapper" ] || wrapper=$LAMBDA_TASK_ROOT/${wrapper#/var/task/} ;; esac
if [ ! -f "$wrapper" ]; then
  echo "$wrapper: does not exist"
  exit 127
fi
if [ ! -x "$wrapper" ]; then
  echo "$wrapper: is not an executable"
  exit 126
fi
exec "$wrapper" "$@"
