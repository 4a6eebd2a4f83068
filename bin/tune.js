#!/usr/bin/env node
// The edge of the program: argv, streams, signals, exit code. Only files of this folder touch `process`. They are CommonJS, and so is
// the command line that is loaded below: what loads ES modules takes Node a fifth of the time of `node -e 0`.
const { processFacts } = require('./processFacts.js');

/** Made when it is first asked for: `--help` needs no standard error, no input, and nothing that could stop it. */
function once(make) {
  let made;
  return () => {
    made ??= make();
    return made;
  };
}

const interrupt = once(() => new AbortController());
let hardExitNotice;
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

function interruptWith(signal, cause) {
  if (interrupt().signal.aborted) return;
  interrupt().abort({ signal, cause });
}

for (const signal of Object.keys(exitCodes)) {
  process.on(signal, () => {
    if (!interrupt().signal.aborted) return interruptWith(signal, signal === 'SIGINT' ? 'Ctrl-C' : signal);
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
    descriptor: stream.fd,
    isTty: stream.isTTY === true,
    get columns() {
      return stream.columns || 80;
    },
  };
}

const stderr = once(() => output(process.stderr));

const io = {
  ...processFacts(),
  stdout: output(process.stdout),
  get stderr() {
    return stderr();
  },
  stdin: {
    get isTty() {
      return process.stdin.isTTY === true;
    },
    async read() {
      const chunks = [];
      for await (const chunk of process.stdin) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  },
  async ask(question) {
    const { createInterface } = await import('node:readline/promises');
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await terminal.question(question, { signal: interrupt().signal });
      return /^y(es)?$/i.test(answer.trim());
    } catch {
      return false;
    } finally {
      terminal.close();
    }
  },
  get interrupted() {
    return interrupt().signal;
  },
  interrupt: interruptWith,
  onHardExit: (notice) => {
    hardExitNotice = notice;
  },
};

const { main } = require('../dist/cli/cli.cjs');
main(process.argv.slice(2), io).then((exitCode) => {
  process.exitCode = exitCode;
  // Everything is done and written; a socket that some library keeps open must not keep the shell waiting.
  setTimeout(() => process.exit(), 1000).unref();
});
