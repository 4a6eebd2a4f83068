import { buildSync } from 'esbuild';
import { expect } from 'vitest';
import { failure, type Program } from './program.ts';

type More = Partial<Program>;
const cjs = (name: string, source: string, calls: Program['calls'], more: More = {}): Program => ({
  name,
  runtime: 'nodejs22.x',
  files: { 'index.js': source },
  calls,
  ...more,
});
const esm = (name: string, source: string, calls: Program['calls'], more: More = {}): Program =>
  cjs(name, '', calls, { files: { 'index.mjs': source }, ...more });
const python = (name: string, source: string, calls: Program['calls'], more: More = {}): Program => ({
  name,
  runtime: 'python3.12',
  handler: 'app.handler',
  files: { 'app.py': source },
  calls,
  ...more,
});

const ended = (how: string) => ({
  answer: failure('Runtime.ExitError', new RegExp(`Runtime exited with error: ${how}$`)),
  fails: 'Runtime.ExitError',
});
/** The most that an answer may have, in bytes. */
const most = 6 * 1024 * 1024 + 100;
const tooLarge = {
  answer: failure(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${most} bytes).`,
  ),
  fails: 'Function.ResponseSizeTooLarge',
};

/** What a function may not do, or not for long; what stays and what does not; how its module is written. */
export const limitPrograms: readonly Program[] = [
  cjs('the largest answer, and one byte more', `exports.handler = async ({ length }) => 'x'.repeat(length - 2);`, [
    { event: { length: most }, answer: 'x'.repeat(most - 2) },
    { event: { length: most + 1 }, ...tooLarge, hasNoInit: true },
    { event: { length: 3 }, answer: 'x', hasNoInit: true },
  ]),
  python('the largest answer, of Python', 'def handler(e, c): return "x" * (e - 2)', [
    { event: most, answer: 'x'.repeat(most - 2) },
    { event: 3, answer: 'x', hasNoInit: true },
  ]),
  python('one byte more than the largest answer ends Python', 'def handler(e, c): return "x" * (e - 2)', [
    {
      event: most + 1,
      ...tooLarge,
      logs: [
        /\[ERROR\] \[\d{13}\] LAMBDA_RUNTIME Failed to post handler success response\. Http response code: 413\. /,
        'RuntimeError: Failed to post invocation response\n',
      ],
    },
  ]),
  cjs('an event of six megabytes', 'exports.handler = async (event) => event.length;', [
    { event: 'é'.repeat(3 * 1024 * 1024 - 1), answer: 3 * 1024 * 1024 - 1 },
  ]),
  cjs(
    'bytes that are no text are logged',
    'exports.handler = async () => { process.stdout.write(Buffer.from([0x61, 0xff, 0xfe, 0x00, 0x62, 0x0a])); return 1; };',
    [{ answer: 1, logs: ['a\u{fffd}\u{fffd}\0b\n'] }],
  ),
  cjs(
    'a line of 256 KB and the next one are logged whole, up to its last letter',
    "exports.handler = async () => { process.stdout.write('a'.repeat(262143) + 'z\\n' + 'next\\n'); return 1; };",
    [{ answer: 1, logs: [/^a{262143}z\nnext\n$/] }],
  ),
  cjs(
    'text that ends without a line feed is logged, also when the process ends',
    "const write = (text) => require('node:fs').writeSync(1, text); exports.handler = async (event) => { write('unended'); if (event.end) { write(' again'); process.exit(2); } return 1; };",
    [
      { answer: 1, logs: [/^unended\n?$/] },
      { event: { end: 1 }, ...ended('exit status 2'), logs: ['unended again'], hasNoInit: true },
    ],
  ),
  cjs(
    'standard output and error are closed',
    "const fs = require('node:fs'); exports.handler = async () => { console.log('before'); fs.closeSync(1); fs.closeSync(2); return 'answered'; };",
    [{ answer: 'answered', logs: ['\tINFO\tbefore\n'] }],
  ),
  python(
    'standard output is closed by Python',
    'import sys, os\ndef handler(e, c):\n  print("before")\n  os.close(1)\n  return "answered"',
    [{ answer: 'answered', logs: ['before\n'] }],
  ),
  cjs(
    'a segmentation fault',
    "exports.handler = async () => { process.kill(process.pid, 'SIGSEGV'); await new Promise(() => setInterval(() => {}, 1000)); };",
    [ended('signal: segmentation fault')],
  ),
  cjs('process.abort', 'exports.handler = async () => process.abort();', [ended('signal: aborted')]),
  cjs(
    'process.exit in a timer',
    'exports.handler = async () => { setTimeout(() => process.exit(9), 20); await new Promise((done) => setTimeout(done, 5000)); };',
    [{ ...ended('exit status 9'), takesAtLeastMs: 15 }],
  ),
  cjs('process.exit in init', "console.log('leaving'); process.exit(4);", [
    { ...ended('exit status 4'), logs: ['leaving', 'leaving'], hasNoInit: true },
  ]),
  python(
    'a segmentation fault of Python',
    'import os, signal\ndef handler(e, c): os.kill(os.getpid(), signal.SIGSEGV)',
    [ended('signal: segmentation fault')],
  ),
  python('os.abort', 'import os\ndef handler(e, c): os.abort()', [ended('signal: aborted')]),
  python(
    'more memory than there is, of Python',
    'def handler(e, c):\n  if e: return [len(block) for block in [bytearray(b"x") * (400 << 20)]]\n  return 1',
    [
      { event: 0, answer: 1 },
      {
        event: 1,
        answer: failure('Runtime.OutOfMemory', /Runtime exited with error: signal: killed$/),
        fails: 'Runtime.OutOfMemory',
        hasNoInit: true,
      },
    ],
    { spec: { memoryMb: 192 }, needs: 'groups' },
  ),
  python(
    'a fork bomb ends at the limit of processes, and its function goes on',
    `import os, signal, time
def handler(e, c):
  children = []
  try:
    while len(children) < 3000:
      pid = os.fork()
      if pid == 0:
        signal.pause()
        os._exit(0)
      children.append(pid)
  except OSError as error: code = error.errno
  for pid in children: os.kill(pid, signal.SIGKILL)
  for pid in children: os.waitpid(pid, 0)
  return [code, 900 < len(children) < 1024]`,
    [{ answer: [11, true] }],
    { needs: 'groups', spec: { memoryMb: 2048 } },
  ),
  cjs(
    'init that takes the time of a call, and a call that takes too long after it',
    "const end = Date.now() + 400; while (Date.now() < end); exports.handler = async (event) => { if (event.hang) for (;;); return 'quick'; };",
    [
      { answer: 'quick' },
      {
        event: { hang: true },
        answer: failure('Sandbox.Timedout', /Task timed out after 1\.00 seconds$/),
        fails: 'Sandbox.Timedout',
        billsMs: 1000,
        hasNoInit: true,
      },
    ],
    { spec: { timeoutS: 1 } },
  ),
  cjs(
    'files in /tmp and what the module holds are kept between calls',
    "const fs = require('node:fs'); let calls = 0; exports.handler = async () => { calls += 1; fs.appendFileSync('/tmp/seen', '.'); return [calls, fs.readFileSync('/tmp/seen', 'utf8'), fs.readdirSync('/tmp')]; };",
    [
      { answer: [1, '.', ['seen']] },
      { answer: [2, '..', ['seen']], hasNoInit: true },
      { answer: [3, '...', ['seen']], hasNoInit: true },
    ],
    { needs: 'mountNamespace' },
  ),
  python(
    'files in /tmp and what the module holds are kept between calls, of Python',
    'import os\ncalls = 0\ndef handler(e, c):\n  global calls\n  calls += 1\n  open("/tmp/seen", "a").write(".")\n  return [calls, open("/tmp/seen").read(), os.listdir("/tmp")]',
    [{ answer: [1, '.', ['seen']] }, { answer: [2, '..', ['seen']], hasNoInit: true }],
    { needs: 'mountNamespace' },
  ),
  cjs(
    'a socket that is kept open serves the next call',
    `const http = require('node:http');
     const server = http.createServer((request, response) => response.end(String(request.socket.remotePort))).listen(0);
     const agent = new http.Agent({ keepAlive: true });
     exports.handler = () => new Promise((resolve, reject) => {
       const { port } = server.address();
       http.get({ port, agent }, (response) => response.on('data', (data) => { last = last ?? String(data); resolve(last === String(data)); })).on('error', reject);
     });
     let last;`,
    [{ answer: true }, { answer: true, hasNoInit: true }, { answer: true, hasNoInit: true }],
  ),
  cjs(
    'what a promise does after the answer happens in the next call, and can fail it',
    "exports.handler = async (event) => { if (event.first) new Promise((done) => setTimeout(done, 300)).then(() => { throw new RangeError('late'); }); else await new Promise((done) => setTimeout(done, 3000)); return 'answered'; };",
    [
      { event: { first: true }, answer: 'answered' },
      {
        // What it says is of a call that is answered already, and refused: as with AWS's client only the status is left.
        ...ended('exit status 128'),
        logs: ['\tERROR\tUnhandled Promise Rejection \t'],
        hasNoInit: true,
      },
    ],
  ),
  esm(
    'a top-level await is part of init',
    "await new Promise((done) => setTimeout(done, 300)); export const handler = async () => 'after it';",
    [{ answer: 'after it' }],
  ),
  esm(
    'a top-level await that throws',
    "await Promise.reject(new RangeError('at the top')); export const handler = async () => 1;",
    [
      {
        answer: failure('RangeError', 'at the top', { trace: expect.arrayContaining(['RangeError: at the top']) }),
        fails: 'Runtime.Unknown',
        logs: ['\tERROR\tUncaught Exception \t'],
        hasNoInit: true,
      },
    ],
  ),
  cjs('a handler that is not exported', 'exports.other = async () => 1;', [
    {
      answer: failure('Runtime.HandlerNotFound', 'index.handler is undefined or not exported'),
      fails: 'Runtime.HandlerNotFound',
      logs: ['Runtime.HandlerNotFound'],
      hasNoInit: true,
    },
  ]),
  cjs('a handler that is no function', "exports.handler = 'text';", [
    {
      answer: failure('Runtime.HandlerNotFound', 'index.handler is not a function'),
      fails: 'Runtime.HandlerNotFound',
      logs: ['Runtime.HandlerNotFound'],
      hasNoInit: true,
    },
  ]),
  cjs(
    'a module that is not there',
    '',
    [
      {
        answer: failure('Runtime.ImportModuleError', /^Error: Cannot find module 'nowhere'\nRequire stack:/),
        fails: 'Runtime.ImportModuleError',
        logs: ['Runtime.ImportModuleError'],
        hasNoInit: true,
      },
    ],
    { handler: 'nowhere.handler' },
  ),
  cjs('code that cannot be parsed, of Node', 'exports.handler = async () => {', [
    {
      answer: failure('Runtime.UserCodeSyntaxError', /^SyntaxError: /),
      fails: 'Runtime.UserCodeSyntaxError',
      logs: ['Runtime.UserCodeSyntaxError'],
      hasNoInit: true,
    },
  ]),
  cjs('an ES module that imports CommonJS, and reads JSON by require', '', [{ answer: ['common', 'named', 7] }], {
    files: {
      'index.mjs':
        "import { createRequire } from 'node:module'; import all, { named } from './lib.cjs'; const data = createRequire(import.meta.url)('./data.json'); export const handler = async () => [all.common, named, data.n];",
      'lib.cjs': "exports.common = 'common'; exports.named = 'named';",
      'data.json': '{"n":7}',
    },
  }),
  cjs('CommonJS that imports an ES module later', '', [{ answer: 'from esm' }], {
    files: {
      'index.js': "exports.handler = async () => (await import('./lib.mjs')).text;",
      'lib.mjs': "export const text = 'from esm';",
    },
  }),
  cjs(
    'require in an ES module',
    '',
    [
      {
        answer: failure('ReferenceError', /^require is not defined in ES module scope/),
        fails: 'Runtime.Unknown',
        logs: ['require is not defined'],
        hasNoInit: true,
      },
    ],
    { files: { 'index.mjs': "const fs = require('node:fs'); export const handler = async () => 1;" } },
  ),
  cjs('a handler in a .cjs file', '', [{ answer: 'cjs' }], {
    files: { 'index.cjs': "exports.handler = async () => 'cjs';" },
  }),
  cjs('a handler in folders', '', [{ answer: 'deep' }], {
    handler: 'a/b/c.handler',
    files: { 'a/b/c.js': "exports.handler = async () => 'deep';" },
  }),
  cjs('a handler that is the default export’s', '', [{ answer: 'of default' }], {
    handler: 'app.default.handler',
    files: { 'app.mjs': "export default { handler: async () => 'of default' };" },
  }),
  cjs('TypeScript, bundled by esbuild to an ES module', '', [{ event: { n: 20 }, answer: { twice: 40, from: 'b' } }], {
    files: { 'index.mjs': bundled('esm') },
  }),
  cjs(
    'TypeScript, bundled by esbuild to CommonJS and made small',
    '',
    [{ event: { n: 20 }, answer: { twice: 40, from: 'b' } }],
    {
      files: { 'index.js': bundled('cjs') },
    },
  ),
  python('a generator cannot be answered', 'def handler(e, c):\n  yield 1', [
    {
      answer: failure(
        'Runtime.MarshalError',
        'Unable to marshal response: Object of type generator is not JSON serializable',
      ),
      fails: 'none',
      logs: ['Runtime.MarshalError'],
    },
  ]),
  python('a coroutine cannot be answered', 'async def handler(e, c): return 1', [
    {
      answer: failure(
        'Runtime.MarshalError',
        'Unable to marshal response: Object of type coroutine is not JSON serializable',
      ),
      fails: 'none',
      logs: ['Runtime.MarshalError'],
    },
  ]),
  python(
    'asyncio in the handler',
    'import asyncio\nasync def main(n):\n  await asyncio.sleep(0.05)\n  return [i async for i in count(n)]\nasync def count(n):\n  for i in range(n): yield i\ndef handler(e, c): return asyncio.run(main(e))',
    [
      { event: 3, answer: [0, 1, 2], takesAtLeastMs: 50 },
      { event: 1, answer: [0], hasNoInit: true, takesAtLeastMs: 50 },
    ],
  ),
  python(
    'half a character is escaped up to 3.11',
    'def handler(e, c): return "\\ud800"',
    [{ answer: undefined, bytes: '"\\ud800"' }],
    { runtime: 'python3.11' },
  ),
  python('half a character ends the process from 3.12 on', 'def handler(e, c): return "\\ud800"', [
    { ...ended('exit status 1'), logs: ["UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800'"] },
  ]),
  python('a dictionary of the module is no handler', 'handler = {}', [
    {
      answer: failure('TypeError', "'dict' object is not callable"),
      fails: 'none',
      logs: ["[ERROR] TypeError: 'dict' object is not callable"],
    },
  ]),
  python(
    'an error with a cause, and one of a class in the handler',
    'class Own(Exception): pass\ndef handler(e, c):\n  try: 1 / 0\n  except ZeroDivisionError as error: raise Own("é") from error',
    [
      {
        answer: failure('Own', 'é'),
        fails: 'none',
        logs: ['[ERROR] Own: é'],
      },
    ],
  ),
];

function bundled(format: 'esm' | 'cjs'): string {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `import { basename } from 'node:path';
        enum Factor { twice = 2 }
        interface Event { readonly n: number }
        class Sums { constructor(private readonly n: number) {} get twice() { return this.n * Factor.twice; } }
        export const handler = async ({ n }: Event): Promise<object> => ({ twice: new Sums(n).twice, from: basename('/a/b') });`,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format,
    minify: format === 'cjs',
    target: 'node20',
  });
  return outputFiles[0]?.text ?? '';
}
