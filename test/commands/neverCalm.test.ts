import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTune } from '../../src/commands/tune/tune.ts';
import { tuningResultSchema } from '../../src/model/run.ts';
import { inLabAccount } from './labAccount.ts';

/** Two thirds of the clock's time went to other programs, throughout. */
describe.each([
  [
    'a run on a machine that was busy all the time',
    'cgroup',
    'hostNeverCalm',
    'the figures are rough and decide nothing',
  ],
  ['a run without CPU shares', 'none', 'noCpuShare', 'durations here are not those of this size on AWS'],
] as const)('%s', (_, cpu, because, ofOneSize) => {
  const account = inLabAccount({
    cpu,
    script: ({ spec }) => ({
      durationMs: 100_000 / spec.memoryMb,
      rawDurationMs: 300_000 / spec.memoryMb,
      contendedShare: 0.66,
    }),
  });

  it('names no size in any of its outputs, since it says that sizes cannot be compared', async () => {
    await account().lab.create();
    account().under({ unmarked: false });
    const { io, stdout } = account().process({ speed: 20 });
    const formats = ['json', 'html', 'markdown', 'csv-summary', 'svg'];
    const report = ['table', ...formats.map((format) => `${format}=run.${format}`)];
    await runTune(
      { function: 'orders', memory: '128,256,512', architecture: 'x86_64', invocations: '4', yes: true, report },
      io,
    );
    const saved = (format: string) => readFileSync(join(account().folder, `run.${format}`), 'utf8');
    const run = tuningResultSchema.parse(JSON.parse(saved('json')));
    expect(run.answer).toEqual({ kind: 'unanswered', because });
    expect([run.cheapest, run.fastest, run.balanced]).toEqual([null, null, null]);
    expect(saved('html')).not.toContain('Move the sliders');
    for (const text of [stdout(), ...['html', 'markdown', 'svg', 'csv-summary'].map(saved)]) {
      const shown = text.replace(/<style>[\s\S]*?<\/style>|<script[\s\S]*?<\/script>/g, '');
      expect(shown).toContain('512');
      expect(shown).not.toMatch(/cheapest|fastest|balanced|frontier|one core|vCPU/i);
    }
  });

  it('of one size says what is true of one, and nothing of sizes among each other', async () => {
    await account().lab.create();
    account().under({ unmarked: false });
    const { io, stdout } = account().process({ speed: 20 });
    await runTune({ function: 'orders', memory: '512', architecture: 'x86_64', invocations: '4', yes: true }, io);
    const shown = stdout().replace(/\s+/g, ' ');
    expect(shown).toContain(`${ofOneSize}.`);
    expect(shown).not.toMatch(/the sizes/);
  });
});
