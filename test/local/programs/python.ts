import { expect } from 'vitest';
import { failure, type Program } from './program.ts';

const failed = (errorType: string, errorMessage: string | RegExp, more: object = {}) =>
  failure(errorType, errorMessage, { requestId: expect.stringMatching(/^(?:0{8}-[\d-]+)?$/), ...more });
const python = (name: string, source: string, calls: Program['calls'], more: Partial<Program> = {}): Program => ({
  name,
  runtime: 'python3.12',
  handler: 'app.handler',
  files: { 'app.py': source },
  calls,
  ...more,
});

const lines =
  'on standard output the client ends the lines of an error by a carriage return, on the telemetry socket by a line feed';

export const pythonPrograms: readonly Program[] = [
  python(
    'a Decimal is a number',
    'from decimal import Decimal\ndef handler(e, c): return {"price": Decimal("19.990"), "nan": Decimal("NaN"), Decimal: 1} if e else {"price": Decimal("19.990"), "n": Decimal("-NaN")}',
    [
      { answer: undefined, bytes: '{"price": 19.990, "n": NaN}' },
      {
        event: { key: 1 },
        answer: failed(
          'Runtime.MarshalError',
          'Unable to marshal response: keys must be str, int, float, bool or None, not type',
        ),
        fails: 'none',
        hasNoInit: true,
      },
    ],
  ),
  python('bytes are answered as they are', 'def handler(e, c): return b"\\x89raw" if e else {"in": b"text"}', [
    { answer: { in: 'text' } },
    { event: [1], answer: undefined, bytes: '\u{fffd}raw', hasNoInit: true },
  ]),
  python(
    'a named tuple is an object, other tuples are lists',
    'from collections import namedtuple\nPoint = namedtuple("Point", "x y")\ndef handler(e, c): return [Point(1, (2, 3)), (Point(4, None),)]',
    [{ answer: [{ x: 1, y: [2, 3] }, [{ x: 4, y: null }]] }],
  ),
  python(
    'numbers that JSON does not have, and keys that are none',
    'def handler(e, c): return {"nan": float("nan"), "inf": float("-inf"), 1: "int", None: "none", True: "true", 1.5: "float", b"k": "bytes"}',
    [
      {
        answer: undefined,
        bytes: '{"nan": NaN, "inf": -Infinity, "1": "true", "null": "none", "1.5": "float", "k": "bytes"}',
      },
    ],
  ),
  python(
    'enumerations and subclasses are what they are made of',
    'import enum, collections\nclass Size(enum.IntEnum):\n  S = 3\nclass Text(str): pass\ndef handler(e, c): return collections.OrderedDict(size=Size.S, text=Text("t"))',
    [{ answer: { size: 3, text: 't' } }],
  ),
  python(
    'a datetime cannot be answered',
    'import datetime\ndef handler(e, c): return {"at": datetime.datetime(2020, 1, 1)}',
    [
      {
        answer: failed(
          'Runtime.MarshalError',
          'Unable to marshal response: Object of type datetime is not JSON serializable',
          { stackTrace: [] },
        ),
        fails: 'none',
        logs: [
          '[ERROR] Runtime.MarshalError: Unable to marshal response: Object of type datetime is not JSON serializable\n',
        ],
      },
    ],
    { managedOnly: lines },
  ),
  python(
    'a set and what is circular cannot be answered',
    'def handler(e, c):\n  if e: return {1}\n  a = []\n  a.append(a)\n  return a',
    [
      {
        answer: failed('Runtime.MarshalError', 'Unable to marshal response: Circular reference detected'),
        fails: 'none',
      },
      {
        event: [1],
        answer: failed(
          'Runtime.MarshalError',
          'Unable to marshal response: Object of type set is not JSON serializable',
        ),
        fails: 'none',
        hasNoInit: true,
      },
    ],
  ),
  python(
    'text beyond ASCII is escaped up to 3.11',
    'def handler(e, c): return "é\u{1f600}\\u2028"',
    [{ answer: undefined, bytes: '"\\u00e9\\ud83d\\ude00\\u2028"' }],
    {
      runtime: 'python3.11',
    },
  ),
  python('text beyond ASCII is written as it is from 3.12 on', 'def handler(e, c): return "é\u{1f600}\\u2028"', [
    { answer: undefined, bytes: '"é\u{1f600}\u2028"' },
  ]),
  python(
    'an error of its own, with its stack',
    'def inner(): raise KeyError("id")\ndef handler(e, c): inner()',
    [
      {
        answer: failed('KeyError', "'id'", {
          stackTrace: [
            expect.stringMatching(/app\.py", line 2, in handler\n/),
            expect.stringMatching(/app\.py", line 1, in inner\n/),
          ],
        }),
        fails: 'none',
        logs: [
          "[ERROR] KeyError: 'id'\nTraceback (most recent call last):\n\u{a0}\u{a0}File ",
          'line 2, in handler\n\u{a0}\u{a0}\u{a0}\u{a0}def handler',
        ],
      },
    ],
    { managedOnly: lines },
  ),
  python(
    'a call that takes too long',
    'import time\ndef handler(e, c):\n  print("begun")\n  time.sleep(30)',
    [
      {
        answer: failure('Sandbox.Timedout', /Task timed out after 1\.00 seconds$/),
        fails: 'Sandbox.Timedout',
        logs: ['begun\n'],
        billsMs: 1000,
      },
    ],
    { spec: { timeoutS: 1 } },
  ),
  python('sys.exit in the handler', 'import sys\ndef handler(e, c): sys.exit(e["status"])', [
    {
      event: { status: 4 },
      answer: expect.objectContaining({
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/exit status 4$/),
      }),
      fails: 'Runtime.ExitError',
    },
  ]),
  python('sys.exit in init', 'import sys\nsys.exit(0)', [
    {
      answer: expect.objectContaining({
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/Runtime exited without providing a reason$/),
      }),
      fails: 'Runtime.ExitError',
      hasNoInit: true,
    },
  ]),
  python('an error in init', 'x = {}["setting"]\ndef handler(e, c): return 1', [
    {
      answer: failed('KeyError', "'setting'", {
        stackTrace: expect.arrayContaining([expect.stringContaining('importlib/__init__.py')]),
      }),
      fails: 'Runtime.Unknown',
      logs: ['[WARNING]\t', 'LAMBDA_WARNING: Unhandled exception.', "[ERROR] KeyError: 'setting'"],
      hasNoInit: true,
    },
  ]),
  python('code that cannot be parsed', 'def handler(e, c) return 1', [
    {
      answer: failed('Runtime.UserCodeSyntaxError', /^Syntax error in module 'app': /, {
        stackTrace: [expect.stringMatching(/app\.py" Line 1\n/)],
      }),
      fails: 'Runtime.UserCodeSyntaxError',
      hasNoInit: true,
    },
  ]),
  python('a handler that is not there', 'def other(e, c): return 1', [
    {
      answer: failed('Runtime.HandlerNotFound', "Handler 'handler' missing on module 'app'"),
      fails: 'Runtime.HandlerNotFound',
      hasNoInit: true,
    },
  ]),
  python(
    'a handler named as a module of the interpreter',
    'def handler(e, c): return 1',
    [
      {
        answer: failed('Runtime.BuiltInModuleConflict', 'Cannot use built-in module sys as a handler module'),
        fails: 'Runtime.BuiltInModuleConflict',
        hasNoInit: true,
      },
    ],
    { handler: 'sys.exit' },
  ),
  python(
    'a handler without a module',
    'def handler(e, c): return 1',
    [
      {
        answer: failed(
          'Runtime.MalformedHandlerName',
          "Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
        ),
        fails: 'Runtime.MalformedHandlerName',
        hasNoInit: true,
      },
    ],
    { handler: 'handler' },
  ),
  python('a handler in folders, with slashes or dots', '', [{ answer: 'found' }], {
    handler: 'src/api/app.handler',
    files: { 'src/api/app.py': 'def handler(e, c): return "found"' },
  }),
  python('a module that is missing', 'import nowhere_to_be_found\ndef handler(e, c): return 1', [
    {
      answer: failed(
        'Runtime.ImportModuleError',
        "Unable to import module 'app': No module named 'nowhere_to_be_found'",
      ),
      fails: 'Runtime.ImportModuleError',
      hasNoInit: true,
    },
  ]),
  python(
    'of this machine’s own packages only those that Lambda brings are seen',
    'import sys, importlib.util\ndef handler(e, c): return [any("-packages" in p for p in sys.path), importlib.util.find_spec("wheel") is None]',
    [{ answer: [false, true] }],
    { managedOnly: 'what a runtime sees of this machine is its bootstrap’s' },
  ),
  python(
    'what Lambda brings is found, or named',
    'def handler(e, c):\n  try:\n    import boto3\n    return "found"\n  except ImportError as error:\n    return error.name',
    [{ answer: expect.stringMatching(/^(?:found|boto3)$/) }],
  ),
  python(
    'logging in text, above the root’s level alone',
    'import logging\nlog = logging.getLogger()\ndef handler(e, c):\n  log.info("low")\n  log.warning("high %s", 1)\n  print("printed")\n  c.log("own\\n")',
    [
      {
        answer: null,
        logs: [/^\[WARNING\]\t[\d-]+T[\d:]+\.\d{3}Z\t00000000-[\d-]+\thigh 1\n/, 'printed\n', 'own\n'],
        logsNot: ['low'],
      },
    ],
  ),
  python(
    'logging in JSON, with what was given besides',
    'import logging\nlog = logging.getLogger("orders")\ndef handler(e, c):\n  log.info("low")\n  log.error("é", extra={"order": 7})\n  try: 1/0\n  except ZeroDivisionError: log.exception("caught")',
    [
      {
        answer: null,
        logs: [
          /\{"timestamp": "[\d-]+T[\d:]+Z", "level": "ERROR", "message": "é", "logger": "orders", "requestId": "0{8}-[\d-]+", "order": 7\}\n/,
          '"errorType": "ZeroDivisionError", "errorMessage": "division by zero"',
        ],
        logsNot: ['low'],
      },
    ],
    { spec: { logFormat: 'JSON', applicationLogLevel: 'WARN' } },
  ),
  python(
    'an error in JSON',
    'def handler(e, c): raise ValueError("bad")',
    [
      {
        answer: failed('ValueError', 'bad'),
        fails: 'none',
        logs: [
          /^\{"timestamp": "[^"]+", "log_level": "ERROR", "errorMessage": "bad", "errorType": "ValueError", "requestId": "0{8}/,
        ],
      },
    ],
    { spec: { logFormat: 'JSON', applicationLogLevel: 'INFO' } },
  ),
  python('the context object, shown', 'def handler(e, c): return repr(c)', [
    {
      answer: expect.stringMatching(
        /^LambdaContext\(\[aws_request_id=0{8}-[^,]+,log_group_name=.*,invoked_function_arn=arn:[^,]+,client_context=None,identity=CognitoIdentity\(\[cognito_identity_id=None,cognito_identity_pool_id=None\]\),tenant_id=None\]\)$/,
      ),
    },
  ]),
  python(
    'an error in JSON, beyond ASCII, up to 3.11',
    'def handler(e, c): raise ValueError("é")',
    [{ answer: failed('ValueError', 'é'), fails: 'none', logs: ['"errorMessage": "\\u00e9"'] }],
    { runtime: 'python3.11', spec: { logFormat: 'JSON', applicationLogLevel: 'INFO' } },
  ),
  python(
    'logging in JSON, with the task that it happens in, as from 3.12 on',
    'import logging\ndef handler(e, c):\n  record = logging.LogRecord("orders", 40, "f.py", 1, "in it", (), None)\n  record.taskName = "Task-1"\n  logging.getLogger().handle(record)',
    [{ answer: null, logs: [/"message": "in it".*"taskName": "Task-1"/] }],
    { spec: { logFormat: 'JSON', applicationLogLevel: 'INFO' } },
  ),
  python(
    'the context object',
    'def handler(e, c): return [c.identity.cognito_identity_id, c.client_context, c.tenant_id, 0 < c.get_remaining_time_in_millis() <= 30000, c.memory_limit_in_mb, type(c).__name__]',
    [{ answer: [null, null, null, true, '512', 'LambdaContext'] }],
  ),
  python(
    'no semaphores, because Lambda has no /dev/shm; processes and pipes can be had',
    `import multiprocessing, os
def answer(pipe): pipe.send("from a process")
def handler(e, c):
  mine, theirs = multiprocessing.Pipe()
  process = multiprocessing.Process(target=answer, args=(theirs,))
  process.start(); got = mine.recv(); process.join()
  try: multiprocessing.Pool(2)
  except OSError as error: return [got, error.errno, str(error)]`,
    [{ answer: ['from a process', 38, '[Errno 38] Function not implemented'] }],
    { managedOnly: 'semaphores are refused by our bootstrap, on Lambda by the machine' },
  ),
  python(
    'memory that processes share lies in /tmp, because Lambda has no /dev/shm',
    'import multiprocessing.sharedctypes as shared\ndef handler(e, c): return sum(shared.RawArray("i", [1, 2]))',
    [{ answer: 3 }],
    { needs: 'mountNamespace' },
  ),
  python(
    'nothing of this machine’s in /dev/shm',
    'import os\ndef handler(e, c):\n  try: open("/dev/shm/x", "w")\n  except OSError as error: return [os.listdir("/dev/shm"), error.errno > 0]',
    [{ answer: [[], true] }],
    {
      needs: 'mountNamespace',
    },
  ),
  python(
    'a wrapper that gives the interpreter an option',
    'import sys\ndef handler(e, c): return sys.flags.dev_mode',
    [{ answer: true }],
    {
      files: {
        'app.py': 'import sys\ndef handler(e, c): return sys.flags.dev_mode',
        wrapper: '#!/bin/sh\nprogram=$1\nshift\nexec "$program" -X dev "$@"\n',
      },
      spec: { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/var/task/wrapper' } },
      managedOnly: 'wrappers are none of a custom runtime’s',
    },
  ),
  python(
    'a thread that goes on after the answer is frozen until the next call',
    `import threading, time
n = 0
def count():
  global n
  while True:
    n += 1
    time.sleep(0.01)
threading.Thread(target=count, daemon=True).start()
last = None
def handler(e, c):
  global last
  before = n
  between = 0 if last is None else before - last
  while n < before + 3: time.sleep(0.02)
  last = n
  return between < 20`,
    [{ answer: true }, { answer: true, hasNoInit: true }],
  ),
];
