#!/usr/bin/env node
// The process edge: argv, streams, signals, exit code. The only file that touches `process`.
import { randomUUID } from 'node:crypto';
import { availableParallelism, homedir, hostname, tmpdir } from 'node:os';
import { createInterface } from 'node:readline/promises';

// The SDK prints a Node 20 notice on stderr otherwise; what this package supports is its own promise.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const interrupt = new AbortController();
let hardExitNotice;
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

function interruptWith(signal, cause) {
  if (interrupt.signal.aborted) return;
  interrupt.abort({ signal, cause });
}

for (const signal of Object.keys(exitCodes)) {
  process.on(signal, () => {
    if (!interrupt.signal.aborted) return interruptWith(signal, signal === 'SIGINT' ? 'Ctrl-C' : signal);
    if (hardExitNotice) process.stderr.write(`\n${hardExitNotice}\n`);
    process.exit(exitCodes[signal]);
  });
}

/** A reader that has gone away (`| head`) is a reason to stop and clean up, not a stack trace. */
function output(stream) {
  let open = true;
  stream.on('error', () => {
    open = false;
    interruptWith('SIGTERM', 'the reader of the output is gone');
  });
  return {
    write: (text) => {
      if (open) stream.write(text);
    },
    stream,
    isTty: stream.isTTY === true,
    get columns() {
      return stream.columns || 80;
    },
  };
}

/** A user without a passwd entry and without HOME (containers) has no home directory. */
function home() {
  try {
    return homedir();
  } catch {
    return '';
  }
}

const io = {
  env: process.env,
  cwd: process.cwd(),
  pid: process.pid,
  parentPid: () => process.ppid,
  execPath: process.execPath,
  nodeVersion: process.version,
  platform: process.platform,
  hostArchitecture: process.arch,
  hostname: hostname(),
  homeDirectory: home(),
  temporaryDirectory: tmpdir(),
  cores: availableParallelism(),
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: {
    isTty: process.stdin.isTTY === true,
    async read() {
      const chunks = [];
      for await (const chunk of process.stdin) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  },
  async ask(question) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await terminal.question(question, { signal: interrupt.signal });
      return /^y(es)?$/i.test(answer.trim());
    } catch {
      return false;
    } finally {
      terminal.close();
    }
  },
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  random: Math.random,
  randomUuid: randomUUID,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
  interrupted: interrupt.signal,
  interrupt: interruptWith,
  onHardExit: (notice) => {
    hardExitNotice = notice;
  },
  processExists(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return error.code === 'EPERM';
    }
  },
};

const { main } = await import('../dist/cli/cli.js');
process.exitCode = await main(process.argv.slice(2), io);
// Everything is done and written; a socket that some library keeps open must not keep the shell waiting.
setTimeout(() => process.exit(), 1000).unref();
