// The reference loop: how fast one core of this machine is at the moment, told by work that is always the same. Run in a thread
// of the endpoint while the function stands still (timing/reference.ts asks for it); some 2 ms of CPU time.
//
// What fills a core's units is what neighbours on it slow: hashing (native) and arithmetic without dependencies (compiled
// JavaScript). A loop that waits for its own last result hardly notices them. Following links through a megabyte was tried, too:
// on a machine with other work its caches are cold or not by chance, and it told of that alone. Each part is run several times
// and the fastest counts: what interrupted one of them is no matter of pace. The answer is the geometric mean, in ms.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const turns = 4;
const block = Buffer.alloc(4096, 7);
function wide(count) {
  let [a, b, c, d] = [1, 2, 3, 4];
  for (let index = 0; index < count; index += 1) {
    a = (a + (b ^ index)) | 0;
    b = (b + (c >>> 3)) | 0;
    c = (c ^ (d + index)) | 0;
    d = (d + Math.imul(a, 3)) | 0;
  }
  return a ^ b ^ c ^ d;
}

function hashed(count) {
  let value = 0;
  for (let index = 0; index < count; index += 1) value ^= createHash('sha256').update(block).digest()[0] ?? 0;
  return value;
}

const parts = [() => wide(40_000), () => hashed(10)];
/** Results are used, so that no compiler leaves the work out. */
let seen = 0;

function fastestMs(part) {
  let fastest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < turns; turn += 1) {
    const startedMs = performance.now();
    seen ^= part();
    fastest = Math.min(fastest, performance.now() - startedMs);
  }
  return fastest;
}

function referenceMs() {
  const logs = parts.map((part) => Math.log(fastestMs(part)));
  return Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length);
}

const { cpu, toolPath } = workerData;
/** The link leads to `<process>/task/<thread>`. */
const thread = readlinkSync('/proc/thread-self').split('/').at(-1) ?? '';
execFileSync('taskset', ['-p', '-c', String(cpu), thread], { env: { PATH: toolPath }, stdio: 'ignore' });
// Compiled before it counts.
for (let round = 0; round < 25; round += 1) referenceMs();
parentPort?.on('message', () => parentPort?.postMessage({ referenceMs: referenceMs(), seen }));
