// The reference loop: how fast this machine's cores are at the moment, told by work that is always the same. Run in a thread
// of the endpoint while the function stands still (runtime/reference.ts asks for it); some 2 ms of CPU time.
//
// A mix, because neighbours on a core slow different code differently: what waits for its own last result hardly at all, what
// fills the core's units up to twofold, what waits for memory by its own measure. Each part is run several times and the
// fastest counts: what interrupted one of them is no matter of pace. The answer is the geometric mean of the parts, in ms.
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

const turns = 3;
const block = Buffer.alloc(4096, 7);
/** 1 MB: out of the nearest caches. Followed in an order that no prefetcher guesses. */
const links = Int32Array.from({ length: 1 << 18 }, (_, index) => (index * 7919 + 13) & ((1 << 18) - 1));

function chained(count) {
  let value = 1;
  for (let index = 0; index < count; index += 1) value = (Math.imul(value, 1664525) + 1013904223) | 0;
  return value;
}

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

function followed(count) {
  let at = 1;
  for (let index = 0; index < count; index += 1) at = links[at] ?? 0;
  return at;
}

const parts = [() => chained(150_000), () => wide(60_000), () => hashed(14), () => followed(12_000)];
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

// Compiled before it counts.
for (let round = 0; round < 25; round += 1) referenceMs();
parentPort?.on('message', () => parentPort?.postMessage({ referenceMs: referenceMs(), seen }));
