import { EventEmitter } from 'node:events';
import { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import type { TextOutput } from '../../src/base/io.ts';
import { createProgress } from '../../src/progress/progress.ts';
import { seededRandom } from '../../src/stats/random.ts';

/** What is seen on a terminal that breaks lines anew when it is made narrower, and tells of it late. */

const shellLines = ['$ make', 'built 3 files', '$ tune --function a'];
const planOf = (columns: number) => `orders, run r1 (${columns})\nCost  about US$ 0.01\n`;

function watch(columns: number, rows = 24) {
  const terminal = new Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  let nowMs = 0;
  const ticks = new Set<{ readonly run: () => void; readonly everyMs: number }>();
  const late: { readonly atMs: number; readonly columns: number; readonly rows: number }[] = [];
  const stream = Object.assign(new EventEmitter(), { rows });
  const output = {
    write: (text: string) => terminal.write(text.replaceAll('\n', '\r\n')),
    stream: stream as unknown as NodeJS.WriteStream,
    isTty: true,
    columns,
  };
  output.write(`${shellLines.join('\n')}\n${planOf(columns)}`);
  const progress = createProgress({
    output: output satisfies TextOutput,
    mode: 'live',
    monotonicMs: () => nowMs,
    stage: 'reference',
    above: planOf,
    repeat: (run, everyMs) => {
      const tick = { run, everyMs };
      ticks.add(tick);
      return () => void ticks.delete(tick);
    },
  });
  const linesOf = (from: number, to: number) => {
    const lines: string[] = [];
    for (let row = from; row < to; row += 1) {
      const line = terminal.buffer.active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped) lines.push(`${lines.pop() ?? ''}${text}`);
      else lines.push(text);
    }
    return lines;
  };
  return {
    progress,
    print: output.write,
    /** The terminal changes now; the program hears of it later. */
    async resize(toColumns: number, toRows: number, lateMs: number) {
      await new Promise<void>((done) => terminal.write('', done));
      terminal.resize(toColumns, toRows);
      late.push({ atMs: nowMs + lateMs, columns: toColumns, rows: toRows });
    },
    async pass(ms: number) {
      for (const endMs = nowMs + ms; nowMs < endMs; ) {
        nowMs += 40;
        while (late[0] !== undefined && late[0].atMs <= nowMs) {
          const told = late.shift();
          if (told === undefined) break;
          output.columns = told.columns;
          stream.rows = told.rows;
          stream.emit('resize');
        }
        for (const { run, everyMs } of ticks) if (nowMs % everyMs === 0) run();
      }
      await new Promise<void>((done) => terminal.write('', done));
    },
    /** Without the empty rows below. */
    async visible() {
      await new Promise<void>((done) => terminal.write('', done));
      const { baseY } = terminal.buffer.active;
      const lines = linesOf(baseY, baseY + terminal.rows);
      return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
    },
    everything: () => linesOf(0, terminal.buffer.active.length),
  };
}

const sentence = 'x86_64 512 MB: stopped, for it fails';

function say({ progress }: ReturnType<typeof watch>) {
  progress.onEvent({ kind: 'warning', warning: { code: 'x', text: sentence } });
}

async function belowPlan(seen: ReturnType<typeof watch>): Promise<readonly string[]> {
  const visible = await seen.visible();
  return visible.slice(visible.findLastIndex((line) => line.startsWith('orders, run r1')) + 1);
}

describe('a terminal that changes its size while a run is shown', () => {
  it('keeps what stands and the place of it when nothing that was drawn is broken', async () => {
    const seen = watch(120);
    await seen.pass(400);
    await seen.resize(100, 20, 0);
    await seen.pass(400);
    expect(await seen.visible()).toEqual([
      ...shellLines,
      ...planOf(120).split('\n').slice(0, 2),
      'Creating the first copy · 1 s elapsed',
    ]);
    expect(seen.everything()).toHaveLength(20);
  });

  it('shows the plan for the new width, what was said, and the view once, when it is made narrower', async () => {
    const seen = watch(60);
    await seen.pass(400);
    say(seen);
    await seen.resize(30, 24, 200);
    await seen.pass(2000);
    expect(await seen.visible()).toEqual([
      ...planOf(30).split('\n').slice(0, 2),
      `  ${sentence}`,
      'Creating the first copy',
      '2 s elapsed',
    ]);
    seen.progress.stop();
    seen.print('RESULT\n');
    expect((await seen.visible()).slice(2)).toEqual([`  ${sentence}`, 'RESULT']);
  });

  it('says on the new screen what was said while it changed', async () => {
    const seen = watch(60);
    await seen.pass(200);
    await seen.resize(30, 24, 0);
    await seen.pass(120);
    say(seen);
    seen.progress.stop();
    expect(await seen.visible()).toEqual([...planOf(30).split('\n').slice(0, 2), `  ${sentence}`]);
  });

  it('leaves plan, sentences and result, and nothing of the view, after any sequence of changes told at any time', async () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const random = seededRandom(seed);
      const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
      const rows = between(12, 40);
      const isAsTall = seed % 2 === 0;
      const seen = watch(between(25, 120), rows);
      for (let changes = between(1, 5); changes > 0; changes -= 1) {
        await seen.pass(between(1, 20) * 40);
        if (random() < 0.3) say(seen);
        await seen.resize(between(25, 120), isAsTall ? rows : between(12, 40), between(0, 6) * 40);
      }
      await seen.pass(1000);
      const views = (await belowPlan(seen)).filter((line) => line.includes('Creating the first copy'));
      expect({ seed, views: views.length }).toEqual({ seed, views: 1 });
      seen.progress.stop();
      seen.print('RESULT\n');
      const rest = await belowPlan(seen);
      expect({ seed, rest: rest.filter((line) => line !== `  ${sentence}`) }).toEqual({
        seed,
        rest: ['Cost  about US$ 0.01', 'RESULT'],
      });
      // A terminal that is made taller shows again what was pushed out of it.
      if (isAsTall) expect((await seen.visible()).join('\n')).not.toContain('elapsed');
      // What was there before the program is never drawn over.
      expect(seen.everything()).toEqual(expect.arrayContaining(shellLines));
    }
  });
});
