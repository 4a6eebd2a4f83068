import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { slownessPairs } from '../../src/analysis/machine/slowness.ts';
import { interpolatedQuantile, squaredDeviations } from '../../src/stats/moments.ts';
import { riseAt, riseErrorAt, segmentedSlope } from '../../src/stats/segmentedSlope.ts';
import { inFolder, type SavedRun, tune } from './runs.ts';

/** Handlers of 20 to 100 ms, each of one kind of work. */
const kinds: Readonly<Record<string, string>> = {
  'password hashing': `import { pbkdf2Sync } from 'node:crypto';
    export const handler = async () => pbkdf2Sync('tune', 'salt', 100_000, 32, 'sha256').length;`,
  JSON: `const text = JSON.stringify(Array.from({ length: 600 }, (_, id) => ({ id, name: 'x' + id, tags: ['a', 'b'], value: id * 1.5 })));
    export const handler = async () => { let size = 0; for (let n = 0; n < 60; n++) size += JSON.stringify(JSON.parse(text)).length; return size; };`,
  matrices: `const n = 60;
    const [a, b] = [7, 5].map((by) => Float64Array.from({ length: n * n }, (_, at) => at % by));
    function product() { let sum = 0; for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) { let one = 0; for (let k = 0; k < n; k++) one += a[i * n + k] * b[k * n + j]; sum += one; } return sum; }
    export const handler = async () => { let sum = 0; for (let n = 0; n < 150; n++) sum += product(); return sum; };`,
  gzip: `import { gzipSync } from 'node:zlib';
    const text = Buffer.from(Array.from({ length: 20_000 }, (_, n) => 'line ' + n * n).join('\\n'));
    export const handler = async () => gzipSync(text).length + gzipSync(text).length;`,
  brotli: `import { brotliCompressSync, constants } from 'node:zlib';
    const text = Buffer.from(Array.from({ length: 20_000 }, (_, n) => 'line ' + n * n).join('\\n'));
    export const handler = async () => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;`,
  sorting: `const values = Array.from({ length: 6000 }, (_, n) => Math.imul(n, 2654435761) >>> 0);
    export const handler = async () => { let last = 0; for (let n = 0; n < 25; n++) last += values.toSorted((a, b) => a - b).at(-1); return last; };`,
  text: `export const handler = async () => { let size = 0; for (let m = 0; m < 60; m++) { let s = ''; for (let n = 0; n < 5000; n++) s += n.toString(36); size += s.split('z').join('y').length; } return size; };`,
  'floating point': `export const handler = async () => { let sum = 0; for (let n = 0; n < 1_500_000; n++) sum += Math.sin(n) * Math.sqrt(n); return sum; };`,
  'small objects': `export const handler = async () => { const known = new Map(); for (let n = 0; n < 60_000; n++) known.set('k' + n, { n, list: [n] }); return known.size; };`,
  'links through 4 MB': `const links = Int32Array.from({ length: 1 << 20 }, (_, n) => (Math.imul(n, 40503) + 7) & 0xfffff);
    export const handler = async () => { let at = 0; for (let n = 0; n < 500_000; n++) at = links[(at + n) & 0xfffff]; return at; };`,
  'copies of 4 MB': `const [from, to] = [Buffer.alloc(4 << 20, 3), Buffer.alloc(4 << 20)];
    export const handler = async () => { for (let n = 0; n < 60; n++) from.copy(to); return to[5]; };`,
};

/** How one kind of code follows the reference loop (analysis/machine/pace.ts) where that is half as slow again, as a power, within one run. */
export interface Follows {
  readonly kind: string;
  readonly slope: number;
  readonly error: number;
  /** Standard deviation of the logarithm of the time on the CPU, and what of it is left after the correction. */
  readonly scatter: number;
  readonly left: number;
}

/** Of calls of each kind at 1,769 MB. */
export async function followsOf(calls: number, onDone: (kind: string) => void): Promise<readonly Follows[]> {
  return inFolder(async (folder) => {
    const found: Follows[] = [];
    for (const [kind, source] of Object.entries(kinds)) {
      const function_ = join(folder, kind.replaceAll(/\W/g, '-'));
      await mkdir(function_);
      await writeFile(join(function_, 'index.mjs'), source);
      const asked = ['--function', function_, '--memory', '1769', '--invocations', String(calls), '--json'];
      const run = JSON.parse(await tune(folder, asked)) as SavedRun;
      found.push({ kind, ...followed(run) });
      onDone(kind);
    }
    return found;
  });
}

/** Half as slow again, where the calmest call of fifty is taken to be calm. */
function followed({ configurations }: SavedRun): Omit<Follows, 'kind'> {
  const calls = configurations.flatMap(({ measurements }) =>
    measurements.flatMap(({ start, pace }) =>
      start !== 'warm' || pace === undefined || !(pace.cpuMs > 0) ? [] : [pace],
    ),
  );
  const calmMs = interpolatedQuantile(
    calls.map(({ referenceMs }) => referenceMs),
    0.02,
  );
  const pairs = slownessPairs([calls], calmMs).flat();
  const fit = segmentedSlope([pairs]);
  const x = Math.log(1.5);
  return {
    slope: riseAt(fit, x) / x,
    error: riseErrorAt(fit, x) / x,
    scatter: deviation(pairs.map(({ y }) => y)),
    left: deviation(pairs.map((pair) => pair.y - riseAt(fit, pair.x))),
  };
}

function deviation(values: readonly number[]): number {
  return Math.sqrt(squaredDeviations(values) / (values.length - 1));
}
