import { transpileModule } from 'typescript';
import { expect } from 'vitest';
import { failure, type Program } from './program.ts';

const esmOnly = {
  'node_modules/esm-only/package.json': '{"name":"esm-only","type":"module","main":"index.js"}',
  'node_modules/esm-only/index.js': 'export const v = 42;',
};
const built = (source: string, target: number) => ({
  'index.js': transpileModule(source, { compilerOptions: { module: 1, target } }).outputText,
});

/** What is loaded, streamed and logged. */
export const nodeModulePrograms: readonly Program[] = [
  {
    name: 'TypeScript, compiled to functions that wait for promises by hand, is not async',
    runtime: 'nodejs20.x',
    files: built('export const handler = async (): Promise<void> => { await new Promise(() => {}); };', 2),
    calls: [{ answer: null }],
  },
  {
    name: 'TypeScript, compiled to async functions',
    runtime: 'nodejs20.x',
    files: built('export const handler = async (event: { readonly n: number }): Promise<number> => event.n * 2;', 9),
    calls: [{ event: { n: 4 }, answer: 8 }],
  },
  {
    name: 'a bundle as esbuild writes it',
    runtime: 'nodejs22.x',
    files: {
      'index.js': `"use strict"; var d = Object.defineProperty; var src = {}; d(src, "handler", { get: () => handler, enumerable: true });
        module.exports = src; var handler = async () => "bundled"; 0 && (module.exports = { handler });`,
    },
    calls: [{ answer: 'bundled' }],
  },
  {
    name: 'a handler in a folder, of an object',
    runtime: 'nodejs22.x',
    handler: 'src/app.api.get',
    files: { 'src/app.js': 'exports.api = { get: async () => "got" };' },
    calls: [{ answer: 'got' }],
  },
  {
    name: 'a handler whose module is a folder',
    runtime: 'nodejs22.x',
    handler: 'app.handler',
    files: { 'app/index.js': 'exports.handler = async () => "from the folder";' },
    calls: [{ answer: 'from the folder' }],
  },
  {
    name: 'a .js file is a module where the nearest package.json says so',
    runtime: 'nodejs20.x',
    handler: 'src/app.handler',
    files: {
      'package.json': '{"type":"module"}',
      'src/app.js': 'export const handler = async () => import.meta.url.slice(-10);',
    },
    calls: [{ answer: 'src/app.js' }],
  },
  {
    name: 'an ES module that is required fails under 22.x',
    needs: 'requireFlag',
    runtime: 'nodejs22.x',
    files: { 'index.js': 'const m = require("esm-only"); exports.handler = async () => m.v;', ...esmOnly },
    calls: [
      {
        answer: failure('Error', /require\(\) of ES Module .* not supported/),
        fails: 'Runtime.Unknown',
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'an ES module that is required fails under 20.x',
    needs: 'requireFlag',
    runtime: 'nodejs20.x',
    files: { 'index.js': 'const m = require("esm-only"); exports.handler = async () => m.v;', ...esmOnly },
    calls: [
      {
        answer: failure('Error', /require\(\) of ES Module .* not supported/),
        fails: 'Runtime.Unknown',
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'an ES module is required where NODE_OPTIONS says so',
    needs: 'requireFlag',
    runtime: 'nodejs22.x',
    files: { 'index.js': 'const m = require("esm-only"); exports.handler = async () => m.v;', ...esmOnly },
    spec: { environment: { NODE_OPTIONS: '--experimental-require-module' } },
    calls: [{ answer: 42 }],
  },
  {
    name: 'module syntax in a .js file is not detected under 22.x',
    runtime: 'nodejs22.x',
    files: { 'index.js': 'export const handler = async () => 1;' },
    calls: [
      {
        answer: failure('Runtime.UserCodeSyntaxError', "SyntaxError: Unexpected token 'export'"),
        fails: 'Runtime.UserCodeSyntaxError',
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'the AWS SDK is there without being in the package: required',
    runtime: 'nodejs22.x',
    files: {
      'index.js': 'const { S3Client } = require("@aws-sdk/client-s3"); exports.handler = async () => typeof S3Client;',
    },
    calls: [{ answer: 'function' }],
  },
  {
    name: 'the AWS SDK is there without being in the package: imported',
    runtime: 'nodejs20.x',
    files: {
      'index.mjs':
        'import { LambdaClient } from "@aws-sdk/client-lambda"; export const handler = async () => typeof LambdaClient;',
    },
    calls: [{ answer: 'function' }],
  },
  {
    name: 'the AWS SDK is there without being in the package: imported later',
    runtime: 'nodejs20.x',
    files: { 'index.mjs': 'export const handler = async () => typeof (await import("@aws-sdk/client-s3")).S3Client;' },
    calls: [{ answer: 'function' }],
  },
  {
    name: 'the package’s own SDK goes before it',
    runtime: 'nodejs22.x',
    files: {
      'index.mjs': 'import { own } from "@aws-sdk/client-s3"; export const handler = async () => own;',
      'node_modules/@aws-sdk/client-s3/package.json': '{"name":"@aws-sdk/client-s3","type":"module","main":"i.js"}',
      'node_modules/@aws-sdk/client-s3/i.js': 'export const own = "own";',
    },
    calls: [{ answer: 'own' }],
  },
  {
    name: 'a part of the SDK that is not here is named: required',
    runtime: 'nodejs22.x',
    files: { 'index.js': 'require("@aws-sdk/client-kinesis-video-media"); exports.handler = async () => 1;' },
    calls: [
      {
        answer: failure(
          'Runtime.ImportModuleError',
          expect.stringMatching(
            /^Error: Cannot find module '@aws-sdk\/client-kinesis-video-media'. `@aws-sdk\/client-kinesis-video-media` is part of Lambda's runtime and not installed here: npm i @aws-sdk\/client-kinesis-video-media\nRequire stack:/,
          ),
        ),
        fails: 'Runtime.ImportModuleError',
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'a part of the SDK that is not here is named: imported',
    runtime: 'nodejs20.x',
    files: { 'index.mjs': 'import "@aws-sdk/client-kinesis-video-media"; export const handler = async () => 1;' },
    calls: [
      {
        answer: failure(
          'Error',
          expect.stringContaining(
            "`@aws-sdk/client-kinesis-video-media` is part of Lambda's runtime and not installed here: npm i",
          ),
        ),
        fails: 'Runtime.Unknown',
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'other packages of this machine are not found',
    runtime: 'nodejs22.x',
    files: { 'index.js': 'require("zod"); exports.handler = async () => 1;' },
    calls: [
      {
        answer: failure('Runtime.ImportModuleError', /^Error: Cannot find module 'zod'\nRequire stack:/),
        fails: 'Runtime.ImportModuleError',
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'a stream takes text, bytes, and everything else as JSON',
    runtime: 'nodejs22.x',
    files: {
      'index.mjs': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        stream.write({ a: 1 }); stream.write(" and "); stream.write(Buffer.from("bytes ")); stream.write([2]); stream.end(); });`,
    },
    calls: [{ answer: undefined, bytes: '{"a":1} and bytes [2]' }],
  },
  {
    name: 'a stream with metadata of a response',
    runtime: 'nodejs24.x',
    files: {
      'index.mjs': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); stream.write("body"); stream.end(); });`,
    },
    calls: [{ answer: undefined, bytes: `{"statusCode":201}${'\0'.repeat(8)}body` }],
  },
  {
    name: 'a stream has the high-water mark that it is asked for, on the connection',
    runtime: 'nodejs22.x',
    files: {
      'index.mjs': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        stream.write('begun');
        await new Promise((resolve) => setTimeout(resolve, 100));
        const seen = [stream.writableHighWaterMark, stream.write('x'.repeat(600))];
        await new Promise((resolve) => stream.once('drain', resolve));
        seen.push(stream.writableNeedDrain, stream.write('few'));
        stream.end(JSON.stringify(seen)); }, { highWaterMark: 500 });`,
    },
    calls: [
      { answer: undefined, bytes: `begun${'x'.repeat(600)}few[500,false,false,true]` },
      { answer: undefined, bytes: `begun${'x'.repeat(600)}few[500,false,false,true]`, hasNoInit: true },
    ],
  },
  {
    name: 'what cannot be written to a stream throws and has not begun it, nor its metadata',
    runtime: 'nodejs22.x',
    files: {
      'index.mjs': `const tried = [];
        const attempt = (act) => { try { act(); } catch (error) { tried.push(error.code ?? error.message); } };
        export const handler = awslambda.streamifyResponse(async (event, stream) => {
          const ring = {}; ring.ring = ring;
          attempt(() => awslambda.HttpResponseStream.from(stream, ring));
          stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
          attempt(() => stream.write(null)); attempt(() => stream.write(undefined));
          attempt(() => stream.write(ring)); stream.setContentType('application/vnd.awslambda.http-integration-response');
          stream.write('once'); attempt(() => stream.setContentType('text/plain')); stream.write('.'); stream.end();
          console.log(tried.map((text) => text.split('\\n')[0]).join('|')); });`,
    },
    calls: [
      {
        answer: undefined,
        bytes: `{"statusCode":201}${'\0'.repeat(8)}once.`,
        logs: [
          'Converting circular structure to JSON|',
          "Cannot read properties of null (reading 'length')|Cannot read properties of undefined (reading 'length')|Converting circular structure to JSON|Cannot set content-type, too late.",
        ],
      },
    ],
  },
  {
    name: 'what is written after the end is an error in the log, and the runtime goes on',
    runtime: 'nodejs22.x',
    files: {
      'index.mjs': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        stream.write('whole'); stream.end(); if (event.late) stream.write('late'); });`,
    },
    calls: [
      { answer: undefined, bytes: 'whole' },
      // The whole of it was on its way on a connection that was there.
      { event: { late: true }, answer: undefined, bytes: 'whole', hasNoInit: true, logs: ['write after end'] },
      { answer: undefined, bytes: 'whole', hasNoInit: true },
    ],
  },
  {
    name: 'a pipeline that breaks half-way destroys the answer, and ends the runtime',
    runtime: 'nodejs22.x',
    files: {
      'index.mjs': `import { Readable } from 'node:stream';
        import { pipeline } from 'node:stream/promises';
        function* rows() { yield 'one'; throw new TypeError('source broke'); }
        export const handler = awslambda.streamifyResponse(async (event, stream) => { await pipeline(Readable.from(rows()), stream); });`,
    },
    calls: [
      {
        answer: failure('Runtime.UnhandledPromiseRejection', 'TypeError: source broke'),
        fails: 'Runtime.ExitError',
        logs: ['Invoke Error', 'source broke', 'Unhandled Promise Rejection'],
      },
    ],
  },
  {
    name: 'a stream that breaks after its beginning',
    runtime: 'nodejs22.x',
    files: {
      'index.mjs':
        'export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write("x"); throw new TypeError("broke"); });',
    },
    calls: [
      {
        answer: failure('TypeError', 'broke'),
        fails: 'none',
        logs: ['\tERROR\tInvoke Error \t{"errorType":"TypeError"'],
      },
    ],
  },
  {
    name: 'a stream that is not ended, and one whose handler is not async',
    runtime: 'nodejs20.x',
    files: {
      'index.mjs':
        'export const handler = awslambda.streamifyResponse((event, stream) => { stream.write("x"); return event.promise ? Promise.resolve() : 1; });',
    },
    spec: { timeoutS: 2 },
    calls: [
      { answer: failure('string', 'Streaming does not support non-async handlers.', { trace: [] }), fails: 'none' },
      {
        event: { promise: true },
        answer: failure('Sandbox.Timedout', /Task timed out after 2\.00 seconds/),
        fails: 'Sandbox.Timedout',
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'a stream that is still piped when the promise has settled',
    runtime: 'nodejs22.x',
    files: {
      'index.mjs': `import { Readable } from 'node:stream';
        import { setTimeout as wait } from 'node:timers/promises';
        async function* rows() { for (const row of ['a', 'b', 'c']) { await wait(20); yield row; } }
        export const handler = awslambda.streamifyResponse(async (event, stream) => { Readable.from(rows()).pipe(stream); });`,
    },
    calls: [{ answer: undefined, bytes: 'abc', takesAtLeastMs: 55 }],
  },
  {
    name: 'a stream that a pipeline ends, and what is to be seen of it',
    runtime: 'nodejs22.x',
    files: {
      'index.mjs': `import { Readable } from 'node:stream';
        import { pipeline } from 'node:stream/promises';
        export const handler = awslambda.streamifyResponse(async (event, stream) => {
          const seen = [stream.setHeader, stream.socket, stream.path, typeof stream.once, stream.writableEnded, stream.destroyed];
          await pipeline(Readable.from([JSON.stringify(seen.map(String))]), stream);
        });`,
    },
    calls: [
      { answer: undefined, bytes: '["undefined","undefined","undefined","function","false","false"]' },
      { answer: undefined, bytes: '["undefined","undefined","undefined","function","false","false"]', hasNoInit: true },
    ],
  },
  {
    name: 'console in text',
    runtime: 'nodejs22.x',
    files: {
      'index.js':
        'console.log("init"); exports.handler = async () => { console.debug("%s!", "a"); console.log(); console.fatal({ b: 1 }); };',
    },
    calls: [
      {
        answer: null,
        logs: [
          /^[\d-]+T[\d:.]+Z\tundefined\tINFO\tinit\n/,
          /Z\t00000000-0000-4000-8000-\d{12}\tDEBUG\ta!\n/,
          '\tINFO\tundefined\n',
          '\tFATAL\t{ b: 1 }\n',
        ],
      },
    ],
  },
  {
    name: 'console in text, from a level on',
    runtime: 'nodejs22.x',
    files: { 'index.js': 'exports.handler = async () => { console.info("low"); console.warn("high"); };' },
    spec: { environment: { AWS_LAMBDA_LOG_LEVEL: 'warn' } },
    calls: [{ answer: null, logs: ['\tWARN\thigh\n'], logsNot: ['low'] }],
  },
  {
    name: 'console in JSON, from the level of the logging configuration on',
    runtime: 'nodejs22.x',
    files: {
      'index.js':
        'exports.handler = async () => { console.info("low"); console.error({ a: 1 }); console.error("with", new RangeError("r")); console.error(new Error("e")); };',
    },
    spec: { logFormat: 'JSON', applicationLogLevel: 'ERROR', environment: { AWS_LAMBDA_LOG_LEVEL: 'TRACE' } },
    calls: [
      {
        answer: null,
        logs: [
          /"level":"ERROR","requestId":"00000000-[\d-]+","message":\{"a":1\}\}\n/,
          '"errorType":"RangeError","errorMessage":"r","stackTrace":["RangeError: r"',
          '"message":{"errorType":"Error","errorMessage":"e","stackTrace":["Error: e"',
        ],
        logsNot: ['low'],
      },
    ],
  },
  {
    name: 'a wrapper starts the runtime',
    runtime: 'nodejs22.x',
    files: {
      'index.js': 'exports.handler = async () => process.env.WRAPPED;',
      'wrapper.sh': '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n',
    },
    spec: { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/var/task/wrapper.sh' } },
    calls: [{ answer: 'yes' }],
  },
  {
    name: 'a wrapper with line ends of Windows',
    runtime: 'nodejs22.x',
    files: {
      'index.js': 'exports.handler = async () => 1;',
      'wrapper.sh': '#!/bin/bash\r\nexec "$@"\r\n',
    },
    spec: { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/var/task/wrapper.sh' } },
    calls: [
      {
        answer: failure('Runtime.ExitError', /exit status 127$/),
        fails: 'Runtime.ExitError',
        logs: ['/var/task/wrapper.sh: cannot be started, because its line ends are CRLF'],
        hasNoInit: true,
      },
    ],
  },
  {
    name: 'a wrapper that is not there',
    runtime: 'nodejs22.x',
    files: { 'index.js': 'exports.handler = async () => 1;' },
    spec: { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/none' } },
    calls: [
      {
        answer: failure('Runtime.ExitError', /exit status 127$/),
        fails: 'Runtime.ExitError',
        logs: ['/opt/none: does not exist\n'],
        hasNoInit: true,
      },
    ],
  },
];
