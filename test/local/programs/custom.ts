import { failure, type Program } from './program.ts';

const shell = (body: string) => `#!/bin/bash
set -u
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
while :; do
  event=$(curl -sS -D /tmp/headers "$api/invocation/next")
  id=$(sed -n 's/^Lambda-Runtime-Aws-Request-Id: *//Ip' /tmp/headers | tr -d '\\r\\n')
  ${body}
done
`;

/** A runtime client in C: two requests over one socket each, written by hand. */
const c = `#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int ask(const char *text, char *reply, size_t size) {
  char host[64]; strcpy(host, getenv("AWS_LAMBDA_RUNTIME_API"));
  char *colon = strchr(host, ':'); *colon = 0;
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(colon + 1)) };
  inet_pton(AF_INET, host, &to.sin_addr);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(s, (struct sockaddr *)&to, sizeof to)) exit(9);
  write(s, text, strlen(text));
  size_t got = 0; ssize_t n;
  while (got < size - 1 && (n = read(s, reply + got, size - 1 - got)) > 0) got += n;
  reply[got] = 0; close(s); return (int)got;
}
int main(void) {
  static char reply[65536], request[66000]; const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
  for (;;) {
    sprintf(request, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n", api);
    ask(request, reply, sizeof reply);
    char *at = strcasestr(reply, "lambda-runtime-aws-request-id: "), id[64] = "";
    if (at) sscanf(at + 31, "%63[^\\r]", id);
    char *body = strstr(reply, "\\r\\n\\r\\n"); body = body ? body + 4 : "";
    if (strstr(body, "abort")) abort();
    printf("in C\\n"); fflush(stdout);
    sprintf(request, "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\nContent-Length: %zu\\r\\n\\r\\n%s", id, api, strlen(body), body);
    ask(request, reply, sizeof reply);
  }
}
`;

const custom = (
  name: string,
  files: Program['files'],
  calls: Program['calls'],
  more: Partial<Program> = {},
): Program => ({
  name,
  runtime: 'provided.al2023',
  handler: 'any.name',
  files,
  calls,
  ...more,
});

export const customPrograms: readonly Program[] = [
  custom(
    'a bootstrap in bash',
    {
      bootstrap: shell('echo "handling"; curl -sS -o /dev/null "$api/invocation/$id/response" -d "{\\"got\\":$event}"'),
    },
    [
      { event: [1], answer: { got: [1] }, logs: ['handling\n'] },
      { answer: { got: {} }, logs: ['handling\n'], hasNoInit: true },
    ],
  ),
  custom(
    'a bootstrap is not told of a runtime, because it is its own',
    {
      bootstrap: shell(
        'curl -sS -o /dev/null "$api/invocation/$id/response" -d "\\"$(printenv AWS_EXECUTION_ENV || echo none) $_HANDLER\\""',
      ),
    },
    [{ answer: 'none any.name' }],
  ),
  custom(
    'a bootstrap that answers what is not JSON',
    { bootstrap: shell('curl -sS -o /dev/null "$api/invocation/$id/response" -d "plain text"') },
    [{ answer: undefined, bytes: 'plain text' }],
  ),
  custom(
    'a bootstrap that reports an error',
    {
      bootstrap: shell(
        `curl -sS -o /dev/null -H 'Lambda-Runtime-Function-Error-Type: Own.Kind' "$api/invocation/$id/error" -d '{"errorType":"Own.Kind","errorMessage":"told"}'`,
      ),
    },
    [{ answer: failure('Own.Kind', 'told'), fails: 'none' }],
  ),
  custom('a bootstrap that ends', { bootstrap: shell('echo "giving up" >&2; exit 7') }, [
    { answer: failure('Runtime.ExitError', /exit status 7$/), fails: 'Runtime.ExitError', logs: ['giving up\n'] },
  ]),
  custom('a bootstrap that kills itself', { bootstrap: shell('kill -SEGV $$') }, [
    {
      answer: failure('Runtime.ExitError', /Runtime exited with error: signal: segmentation fault$/),
      fails: 'Runtime.ExitError',
    },
  ]),
  custom(
    'a bootstrap that fails to begin',
    {
      bootstrap: `#!/bin/sh\ncurl -sS -o /dev/null -H 'Lambda-Runtime-Function-Error-Type: Runtime.NoSuchHandler' "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/init/error" -d '{"errorType":"Runtime.NoSuchHandler","errorMessage":"none"}'\nexit 1\n`,
    },
    [{ answer: failure('Runtime.NoSuchHandler', 'none'), fails: 'Runtime.NoSuchHandler', hasNoInit: true }],
  ),
  custom(
    'a bootstrap that takes too long',
    { bootstrap: shell('sleep 30') },
    [
      {
        answer: failure('Sandbox.Timedout', /Task timed out after 1\.00 seconds$/),
        fails: 'Sandbox.Timedout',
        billsMs: 1000,
      },
    ],
    { spec: { timeoutS: 1 } },
  ),
  custom(
    'what a bootstrap leaves behind is frozen until the next call',
    {
      // The longest pause between two ticks, but for the first call, which has none.
      bootstrap: shell(`first=0
  if [ ! -e /tmp/ticks ]; then first=1; (while :; do echo "\${EPOCHREALTIME/[.,]/}" >> /tmp/ticks; sleep 0.01; done) & fi
  while [ ! -e /tmp/ticks ]; do sleep 0.01; done
  before=$(wc -l < /tmp/ticks)
  while [ $(wc -l < /tmp/ticks) -le $before ]; do sleep 0.02; done
  pause=$(awk 'NR > 1 && $1 - last > most { most = $1 - last } { last = $1 } END { print int(most / 1000) }' /tmp/ticks)
  curl -sS -o /dev/null "$api/invocation/$id/response" -d "$((first || pause > 400))"`),
    },
    [{ answer: 1 }, { answer: 1, hasNoInit: true }],
    { needs: 'mountNamespace' },
  ),
  custom(
    'a wrapper is none of a custom runtime’s',
    {
      bootstrap: shell(
        'curl -sS -o /dev/null "$api/invocation/$id/response" -d "\\"$(printenv WRAPPED || echo not wrapped)\\""',
      ),
      wrapper: '#!/bin/sh\nexport WRAPPED=wrapped\nexec "$@"\n',
    },
    [{ answer: 'not wrapped' }],
    { spec: { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/var/task/wrapper' } } },
  ),
  custom(
    'a bootstrap in C',
    { 'bootstrap.c': c },
    [
      { event: { n: [1, 2] }, answer: { n: [1, 2] }, logs: ['in C\n'] },
      { answer: {}, logs: ['in C\n'], hasNoInit: true },
    ],
    { needs: 'cc' },
  ),
  custom(
    'a bootstrap in C that aborts',
    { 'bootstrap.c': c },
    [
      {
        event: 'abort',
        answer: failure('Runtime.ExitError', /Runtime exited with error: signal: aborted$/),
        fails: 'Runtime.ExitError',
      },
    ],
    { needs: 'cc' },
  ),
];
