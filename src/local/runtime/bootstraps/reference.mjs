// The reference loop: how fast one core of this machine is at the moment, told by work that is always the same. Run in a thread
// of the endpoint that is bound to that core (timing/reference.ts), right before and after a call, and every few milliseconds
// while a function runs there: some 0.15 ms each time.
//
// What fills a core's units is what neighbours on it slow: arithmetic in six independent chains, and JSON read and written, which
// has branches, small objects and text besides. Kinds of code follow the geometric mean of both one to one in the middle
// (docs/benchmarks.md): hashing is slowed less than code is, a loop that waits for its own last result hardly at all, and following
// links through memory tells of cold caches alone. Each part is run three times and the middle one counts: the first finds the
// function's data in the caches.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** Shared with the endpoint and the loops of other cores; what the fields are is said there. */
const { cpu, toolPath, place, wake, asked, threads, states, sums, latest, fields, apartMs } = workerData;
const slots = threads.length;
/** A moment ago: what was found then still holds. */
const freshMs = 2;

function chains(count) {
  let [a, b, c, d, e, f] = [1, 2, 3, 4, 5, 6];
  for (let index = 0; index < count; index = (index + 1) | 0) {
    a = (a + (index ^ 5)) | 0;
    b = b ^ (index >> 3);
    c = (c - (index & 7)) | 0;
    d = (d + (index | 3)) | 0;
    e = e ^ (index << 1);
    f = (f + index) | 0;
  }
  return a ^ b ^ c ^ d ^ e ^ f;
}

const text = JSON.stringify(
  Array.from({ length: 30 }, (_, id) => ({ id, name: `x${id}`, tags: ['a', 'b', 'c'], value: id * 1.5 })),
);
function rewritten() {
  return JSON.stringify(JSON.parse(text)).length;
}

const parts = [() => chains(12_000), rewritten];
/** Results are used, so that no compiler leaves the work out. */
let seen = 0;

function onceMs(part) {
  const startedMs = performance.now();
  seen ^= part();
  return performance.now() - startedMs;
}

function middleMs(part) {
  const [one, two, three] = [onceMs(part), onceMs(part), onceMs(part)];
  return Math.max(Math.min(one, two), Math.min(Math.max(one, two), three));
}

/** Loops per ms, the geometric mean of the parts. */
function speedNow() {
  return 1 / Math.sqrt(parts.reduce((product, part) => product * middleMs(part), 1));
}

const buffer = Buffer.alloc(1024);
/** By slot, kept open while the call runs. */
const files = new Map();
function openFiles(slot, thread) {
  const known = files.get(slot);
  if (known?.thread === thread) return known;
  closeFiles(slot);
  try {
    const [stat, schedstat] = ['stat', 'schedstat'].map((name) =>
      openSync(`/proc/${thread}/task/${thread}/${name}`, 'r'),
    );
    const opened = { thread, stat, schedstat };
    files.set(slot, opened);
    return opened;
  } catch {
    // The thread has ended.
    return undefined;
  }
}

function closeFiles(slot) {
  const known = files.get(slot);
  if (known === undefined) return;
  closeSync(known.stat);
  closeSync(known.schedstat);
  files.delete(slot);
}

function read(file) {
  try {
    return buffer.latin1Slice(0, readSync(file, buffer, 0, buffer.length, 0));
  } catch {
    return '';
  }
}

/** The core that a thread is on. */
function placeOf({ stat }) {
  const told = read(stat);
  return Number(told.slice(told.lastIndexOf(')') + 2).split(' ', 37)[36] ?? Number.NaN);
}

/** Its time on the CPU so far. */
function ranNs({ schedstat }) {
  return Number(read(schedstat).split(' ', 1)[0] || Number.NaN);
}

const nowMs = () => performance.timeOrigin + performance.now();
let last = { atMs: 0, speed: 0 };

/** For all functions that are on this core: the speed, weighted by the time that they were on the CPU since the last look. */
function look(isAsked) {
  const beganMs = nowMs();
  const here = [];
  for (let slot = 0; slot < slots; slot += 1) {
    const thread = Atomics.load(threads, slot);
    if (thread === 0) closeFiles(slot);
    const opened = thread === 0 ? undefined : openFiles(slot, thread);
    if (opened === undefined || placeOf(opened) !== cpu) continue;
    const ran = ranNs(opened);
    const accounted = sums[slot * fields.count + fields.accountedNs];
    // What slept since the last look is not to be woken beside.
    if (ran >= 0 && (isAsked || accounted < 0 || ran > accounted)) here.push({ slot, thread, ran });
  }
  if (here.length === 0 && !isAsked) return;
  if (beganMs - last.atMs >= freshMs) last = { atMs: beganMs, speed: speedNow() };
  const tookMs = nowMs() - beganMs;
  for (const { slot, thread, ran } of here) {
    if (Atomics.load(threads, slot) === thread) account(slot * fields.count, states[slot], ran, beganMs, tookMs);
  }
}

function account(at, state, ran, beganMs, tookMs) {
  const { speed } = last;
  const before = sums[at + fields.accountedNs];
  if (before >= 0 && ran > before) {
    const rise = ran - before;
    // Between two looks on one core: the mean of both.
    const mean = sums[at + fields.lastCpu] === cpu ? (speed + sums[at + fields.lastSpeed]) / 2 : speed;
    sums[at + fields.weightNs] += rise;
    sums[at + fields.work] += rise * mean;
    // By every second look alone, and by the others: how far they are apart tells how well the mean is known.
    const half = sums[at + fields.looks] % 2;
    sums[at + fields.halfWeightNs + half] += rise;
    sums[at + fields.halfWork + half] += rise * speed;
    const sinceMs = Math.max(beganMs - sums[at + fields.lastMs], 0.001);
    // In the state of one that ends nothing is held up any more.
    if (state === 1) sums[at + fields.heldMs] += tookMs * Math.min(1, rise / 1e6 / sinceMs);
  }
  sums[at + fields.accountedNs] = ran;
  sums[at + fields.lastCpu] = cpu;
  sums[at + fields.lastSpeed] = speed;
  sums[at + fields.lastMs] = beganMs + tookMs;
  sums[at + fields.speeds] += speed;
  sums[at + fields.looks] += 1;
  const recent = (at / fields.count) * fields.stretch;
  const looks = sums[at + fields.looks];
  latest[recent + (looks % fields.stretch)] = speed;
  // Of a single look chance is a large part.
  const seen = Math.min(looks, fields.stretch);
  let sum = 0;
  for (let look = 0; look < fields.stretch; look += 1) sum += latest[recent + look];
  if (seen === fields.stretch) sums[at + fields.fastest] = Math.max(sums[at + fields.fastest], sum / seen);
}

function isAnyRunning() {
  return threads.some((thread) => thread !== 0);
}

/** The link leads to `<process>/task/<thread>`. */
const self = readlinkSync('/proc/thread-self').split('/').at(-1) ?? '';
execFileSync('taskset', ['-p', '-c', String(cpu), self], { env: { PATH: toolPath }, stdio: 'ignore' });
// Compiled before it counts.
for (let round = 0; round < 100; round += 1) speedNow();
let answered = 0;
for (;;) {
  const woken = Atomics.load(wake, place);
  const ticket = Atomics.load(asked, place);
  look(ticket !== answered);
  if (ticket !== answered) parentPort?.postMessage({ ticket, seen });
  answered = ticket;
  Atomics.wait(wake, place, woken, isAnyRunning() ? apartMs : Number.POSITIVE_INFINITY);
}
