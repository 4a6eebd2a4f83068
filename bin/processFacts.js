// What the program and the package both take from the process they run in. No stream is touched, no signal handled.
const { availableParallelism, homedir, hostname, tmpdir } = require('node:os');
const { resolve: absolute } = require('node:path');

// The SDK prints a Node 20 notice on stderr otherwise; what this package supports is its own promise.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** A user without a passwd entry and without HOME (containers) has no home directory. */
function home() {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/** @returns {import('../dist/base/io.js').ProcessFacts} As they are now: a program may change its folder. */
function processFacts() {
  return {
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
    // Scripts that are given it run elsewhere.
    temporaryDirectory: absolute(tmpdir()),
    cores: availableParallelism(),
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    random: Math.random,
    // Of the global, which is loaded when it is first used: `--help` names no run.
    randomUuid: () => crypto.randomUUID(),
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
    endProcessGroup(pid) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
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
}

module.exports = { processFacts };
