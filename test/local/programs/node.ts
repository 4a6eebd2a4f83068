import { expect } from 'vitest';
import { failure, type Program } from './program.ts';

const esm = (source: string) => ({ 'index.mjs': source });
const cjs = (source: string) => ({ 'index.js': source });
const never = {
  errorType: 'Runtime.NodeJsExit',
  errorMessage: expect.stringContaining('most commonly caused by a Promise that was never settled'),
};

/** Handlers and how they end. */
export const nodePrograms: readonly Program[] = [
  {
    name: 'an async handler in an ES module',
    runtime: 'nodejs22.x',
    files: esm('export const handler = async (event) => ({ got: event.n });'),
    calls: [
      { event: { n: 7 }, answer: { got: 7 } },
      { answer: {}, hasNoInit: true },
    ],
  },
  {
    name: '1,024 files can be open',
    runtime: 'nodejs22.x',
    files: cjs(`const fs = require('node:fs');
      exports.handler = async () => {
        const limit = require('node:child_process').execSync('ulimit -Hn').toString();
        const open = [];
        try { for (;;) open.push(fs.openSync('/dev/null')); } catch (error) { return [limit, error.code, open.length > 900]; }
        finally { open.forEach((file) => fs.closeSync(file)); }
      };`),
    calls: [{ answer: ['1024\n', 'EMFILE', true] }],
  },
  {
    name: 'tracing libraries find where their daemon would be',
    runtime: 'nodejs22.x',
    files: cjs(`exports.handler = async () => {
        const { AWS_XRAY_DAEMON_ADDRESS, _AWS_XRAY_DAEMON_ADDRESS, _AWS_XRAY_DAEMON_PORT, AWS_EXECUTION_ENV } = process.env;
        return [AWS_XRAY_DAEMON_ADDRESS, _AWS_XRAY_DAEMON_ADDRESS, _AWS_XRAY_DAEMON_PORT, AWS_EXECUTION_ENV];
      };`),
    calls: [{ answer: ['127.0.0.1:2000', '127.0.0.1', '2000', 'AWS_Lambda_nodejs22.x'] }],
  },
  {
    name: 'the answer undefined is null',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = async () => {};'),
    calls: [{ answer: null }],
  },
  {
    name: 'undefined fields are left out, dates and toJSON are as JSON.stringify has them',
    runtime: 'nodejs20.x',
    files: cjs('exports.handler = async () => ({ a: undefined, at: new Date(0), n: NaN, m: new Map([[1, 2]]) });'),
    calls: [{ answer: { at: '1970-01-01T00:00:00.000Z', n: null, m: {} } }],
  },
  {
    name: 'a Buffer is written as JSON',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = async () => Buffer.from("hi");'),
    calls: [{ answer: { type: 'Buffer', data: [104, 105] } }],
  },
  {
    name: 'a readable stream is written as the object that it is, not read',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = async () => ({ body: require("node:stream").Readable.from(["text"]) });'),
    calls: [{ answer: { body: expect.objectContaining({ _events: {} }) } }],
  },
  {
    name: 'what is circular cannot be answered',
    runtime: 'nodejs20.x',
    files: cjs('exports.handler = async () => { const a = {}; a.a = a; return a; };'),
    calls: [{ answer: failure('Error', 'Unable to stringify response body'), fails: 'none' }],
  },
  {
    name: 'what is circular has a name of its own under Node.js 24',
    runtime: 'nodejs24.x',
    files: cjs('exports.handler = async () => 1n;'),
    calls: [{ answer: failure('Runtime.JSONStringifyError', 'Unable to stringify response body'), fails: 'none' }],
  },
  {
    name: 'a function is no answer',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = async () => () => 1;'),
    calls: [{ answer: failure('TypeError', 'Wrong arguments'), fails: 'none' }],
  },
  {
    name: 'an error of its own, with its own fields in the log',
    runtime: 'nodejs22.x',
    files: cjs(
      'class Denied extends Error { constructor(m) { super(m); this.name = "Denied"; this.status = 403; } } exports.handler = async () => { throw new Denied("no"); };',
    ),
    calls: [
      {
        answer: { errorType: 'Denied', errorMessage: 'no', trace: expect.arrayContaining(['Denied: no']) },
        fails: 'none',
        logs: [
          /\tERROR\tInvoke Error \t\{"errorType":"Denied","errorMessage":"no","name":"Denied","status":403,"stack":\[/,
        ],
      },
    ],
  },
  {
    name: 'an object that inherits from Error without being one, and a character that headers cannot have',
    runtime: 'nodejs20.x',
    files: cjs(`function Old(message) { this.message = message; }
      Old.prototype = Object.create(Error.prototype);
      exports.handler = async (event) => { throw event.old ? new Old("of old") : new Error("a\x7fb"); };`),
    calls: [
      {
        event: { old: true },
        answer: { errorType: 'object', errorMessage: 'Error: of old', trace: [] },
        fails: 'none',
      },
      { answer: failure('Error', 'a%7Fb'), fails: 'none', hasNoInit: true },
    ],
  },
  {
    name: 'text that is thrown',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = async () => { throw "bad"; };'),
    calls: [{ answer: { errorType: 'string', errorMessage: 'bad', trace: [] }, fails: 'none' }],
  },
  {
    name: 'nothing that a promise is rejected with',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = () => Promise.reject();'),
    calls: [{ answer: { errorType: 'string', errorMessage: 'handled', trace: [] }, fails: 'none' }],
  },
  {
    name: 'a callback with an answer',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = (event, context, callback) => callback(null, { ok: 1 });'),
    calls: [
      { answer: { ok: 1 }, logs: ['\tWARN\tAWS Lambda plans to remove support for callback-based function handlers'] },
    ],
  },
  {
    name: 'the warning about callbacks can be switched off',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = (event, context, callback) => callback(null, 1);'),
    spec: { environment: { AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING: '1' } },
    calls: [{ answer: 1, logsNot: ['WARN'] }],
  },
  {
    name: 'a callback with an error',
    runtime: 'nodejs20.x',
    files: cjs('exports.handler = (event, context, callback) => callback(new RangeError("far"));'),
    calls: [{ answer: failure('RangeError', 'far'), fails: 'none' }],
  },
  {
    name: 'a callback waits for an empty event loop',
    runtime: 'nodejs20.x',
    files: cjs(
      'exports.handler = (event, context, callback) => { setTimeout(() => console.log("late work"), 150); callback(null, "done"); };',
    ),
    calls: [{ answer: 'done', logs: ['late work'], takesAtLeastMs: 150 }],
  },
  {
    name: 'a callback need not wait; what is left runs in the next call',
    runtime: 'nodejs20.x',
    files: cjs(
      'exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; if (event.first) setTimeout(() => console.log("late work"), 400); setTimeout(() => callback(null, "done"), event.first ? 0 : 100); };',
    ),
    calls: [
      { event: { first: true }, answer: 'done', logs: ['callback-based'], logsNot: ['late work'] },
      { answer: 'done', logs: ['late work'], hasNoInit: true, takesAtLeastMs: 100 },
    ],
  },
  {
    name: 'of callback and promise the callback came first, and waits for ever beside a pool',
    runtime: 'nodejs20.x',
    files: cjs(
      'const pool = setInterval(() => {}, 1000); exports.handler = async (event, context, callback) => { callback(null, "from callback"); return "from return"; };',
    ),
    spec: { timeoutS: 2 },
    calls: [
      {
        answer: failure('Sandbox.Timedout', /Task timed out after 2\.00 seconds/),
        fails: 'Sandbox.Timedout',
        billsMs: 2000,
      },
    ],
  },
  {
    name: 'of callback and promise the callback came first, and is answered where nothing is left',
    runtime: 'nodejs20.x',
    files: cjs(
      'exports.handler = async (event, context, callback) => { callback(null, "from callback"); return "from return"; };',
    ),
    calls: [{ answer: 'from callback' }],
  },
  {
    name: 'of promise and callback the promise came first',
    runtime: 'nodejs20.x',
    files: cjs(
      'exports.handler = async (event, context, callback) => { setTimeout(() => callback(null, "from callback"), 50); return "from return"; };',
    ),
    calls: [{ answer: 'from return' }],
  },
  {
    name: 'context.succeed, fail and done',
    runtime: 'nodejs22.x',
    files: cjs(
      'exports.handler = (event, context) => { setInterval(() => {}, 1000); context[event.how](...event.with); context.succeed("second"); };',
    ),
    calls: [
      { event: { how: 'succeed', with: ['a'] }, answer: 'a' },
      { event: { how: 'done', with: [null, 'b'] }, answer: 'b', hasNoInit: true },
      {
        event: { how: 'fail', with: ['c'] },
        answer: { errorType: 'string', errorMessage: 'c', trace: [] },
        fails: 'none',
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'a promise that never settles, in an async handler',
    runtime: 'nodejs20.x',
    files: cjs('exports.handler = async () => { await new Promise(() => {}); };'),
    calls: [
      {
        answer: expect.objectContaining(never),
        fails: 'none',
        logs: ['\tERROR\tInvoke Error \t{"errorType":"Runtime.NodeJsExit"'],
      },
      { answer: expect.objectContaining(never), fails: 'none', hasNoInit: true },
    ],
  },
  {
    name: 'a promise that never settles, of a handler that is not async',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = () => new Promise(() => {});'),
    calls: [{ answer: null }],
  },
  {
    name: 'neither a promise nor a callback',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = () => "ignored";'),
    calls: [{ answer: null }],
  },
  {
    name: 'what a handler returns without a promise counts under Node.js 24',
    runtime: 'nodejs24.x',
    files: cjs('exports.handler = (event) => "taken";'),
    calls: [{ answer: 'taken' }],
  },
  {
    name: 'a promise that never settles ends the process under Node.js 24',
    runtime: 'nodejs24.x',
    files: cjs('exports.handler = async () => { await new Promise(() => {}); };'),
    calls: [{ answer: failure('Runtime.ExitError', /exit status 13$/), fails: 'Runtime.ExitError' }],
  },
  {
    name: 'callbacks are refused under Node.js 24',
    runtime: 'nodejs24.x',
    files: cjs('exports.handler = (event, context, callback) => callback(null, { ok: 1 });'),
    calls: [
      {
        answer: failure(
          'Runtime.CallbackHandlerDeprecated',
          /removed support for callback-based function handlers starting with Node\.js 24/,
        ),
        fails: 'Runtime.CallbackHandlerDeprecated',
        logs: [
          '\tERROR\tInit Error \t{"errorType":"Runtime.CallbackHandlerDeprecated"',
          // Its name once, at the beginning of the stack.
          '"stack":["Runtime.CallbackHandlerDeprecated: ERROR: AWS Lambda has removed',
        ],
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'callbacks are refused under Node.js 24 although the handler is async',
    runtime: 'nodejs24.x',
    files: cjs('exports.handler = async (event, context, callback) => 1;'),
    calls: [
      {
        answer: failure('Runtime.CallbackHandlerDeprecated', /./),
        fails: 'Runtime.CallbackHandlerDeprecated',
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'the context of Node.js 24 has none of the old ways to answer',
    runtime: 'nodejs24.x',
    files: cjs(
      'exports.handler = async (event, context) => [typeof context.done, typeof context.succeed, typeof context.fail, "callbackWaitsForEmptyEventLoop" in context];',
    ),
    calls: [{ answer: ['undefined', 'undefined', 'undefined', false] }],
  },
  {
    name: 'a rejection that nobody handles',
    runtime: 'nodejs22.x',
    files: cjs(
      'exports.handler = async () => { Promise.reject(new Error("lost")); await new Promise((done) => setTimeout(done, 5000)); };',
    ),
    calls: [
      {
        answer: failure('Runtime.UnhandledPromiseRejection', 'Error: lost'),
        fails: 'Runtime.ExitError',
        logs: [
          '\tERROR\tUnhandled Promise Rejection \t{"errorType":"Runtime.UnhandledPromiseRejection","errorMessage":"Error: lost","name":',
        ],
      },
    ],
  },
  {
    name: 'an exception that nobody catches',
    runtime: 'nodejs20.x',
    files: cjs(
      'exports.handler = async () => { setTimeout(() => { throw new Error("thrown late"); }, 5); await new Promise((done) => setTimeout(done, 5000)); };',
    ),
    calls: [
      { answer: failure('Error', 'thrown late'), fails: 'Runtime.ExitError', logs: ['\tERROR\tUncaught Exception \t'] },
    ],
  },
  {
    name: 'process.exit with and without a status',
    runtime: 'nodejs22.x',
    files: cjs('exports.handler = async (event) => process.exit(event.status);'),
    calls: [
      {
        event: { status: 3 },
        answer: failure('Runtime.ExitError', /Runtime exited with error: exit status 3$/),
        fails: 'Runtime.ExitError',
      },
    ],
  },
  {
    name: 'process.exit without a reason',
    runtime: 'nodejs24.x',
    files: cjs('exports.handler = async () => process.exit(0);'),
    calls: [
      {
        answer: failure('Runtime.ExitError', /Runtime exited without providing a reason$/),
        fails: 'Runtime.ExitError',
      },
    ],
  },
  {
    name: 'an interval that goes on after the answer is frozen until the next call',
    runtime: 'nodejs22.x',
    files: cjs(
      'let ticks = 0; setInterval(() => { ticks += 1; }, 10); exports.handler = async (event) => { if (event.wait) await new Promise((done) => setTimeout(done, event.wait)); return event.wait ? ticks > 5 : ticks < 20; };',
    ),
    calls: [
      { answer: true },
      { answer: true, hasNoInit: true },
      { event: { wait: 200 }, answer: true, hasNoInit: true, takesAtLeastMs: 200 },
    ],
  },
  {
    name: 'a thread that counts on is frozen until the next call',
    runtime: 'nodejs20.x',
    files: cjs(
      `const { Worker } = require('node:worker_threads');
       const seen = new Int32Array(new SharedArrayBuffer(4));
       new Worker('const s = require("node:worker_threads").workerData; setInterval(() => Atomics.add(s, 0, 1), 10);', { eval: true, workerData: seen });
       let last;
       exports.handler = async () => {
         const before = seen[0];
         const between = before - (last ?? before);
         while (seen[0] < before + 3) await new Promise((done) => setTimeout(done, 20));
         last = seen[0];
         return between < 20;
       };`,
    ),
    calls: [{ answer: true }, { answer: true, hasNoInit: true }],
  },
];
