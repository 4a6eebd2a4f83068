// A reference loop: always the same work, in a thread of its own. For every message it is run a few times in a row and answered
// with how long each took. What it takes longer than at its best is the machine's doing.
// The work is what functions do (parsing, hashing). Plain arithmetic would not do: where neighbours on the same physical core made
// such work take twice as long, a loop of additions or multiplications took 1.0 times as long, this one as long as the functions.
import { pbkdf2Sync } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

const loopsPerSample = 5;
const text = JSON.stringify(
  Array.from({ length: 30 }, (_, index) => ({
    id: index,
    name: 'x'.repeat(50),
    parts: [1, 2.5, true, null, { of: 'it' }],
  })),
);

/** About 0.25 ms. */
function loop() {
  for (let round = 0; round < 4; round += 1) JSON.parse(text);
  pbkdf2Sync('tune', 'salt', 200, 32, 'sha256');
}

function timedLoop() {
  const startedMs = performance.now();
  loop();
  return performance.now() - startedMs;
}

function ownThreadId() {
  try {
    // 4711/task/4712
    return readlinkSync('/proc/thread-self').split('/')[2] ?? null;
  } catch {
    return null;
  }
}
parentPort.postMessage(ownThreadId());

// Compiled first.
for (let run = 0; run < 40; run += 1) loop();

parentPort.on('message', () => {
  const timesMs = Array.from({ length: loopsPerSample }, timedLoop);
  parentPort.postMessage(timesMs);
});
