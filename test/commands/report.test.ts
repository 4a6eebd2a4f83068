import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runReport } from '../../src/commands/report/report.ts';
import { checkOf } from '../reporters/savedCheck.ts';
import { migrationOf } from '../reporters/savedMigration.ts';
import { interruptedRun } from '../reporters/savedRuns.ts';
import { fakeIo } from '../support/fakeIo.ts';

const saved = (name: string) => fileURLToPath(new URL(`../../fixtures/runs/${name}.json`, import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('tune report prints the table, and nothing beside it', async () => {
  const { io, stdout, stderr } = fakeIo();
  expect(await runReport(saved('aws'), {}, io)).toBe(0);
  expect(stdout()).toMatch(/^.*1769|1,769/m);
  expect(stderr()).toBe('');
});

it('tune report gives back as JSON what was saved', async () => {
  const { io, stdout } = fakeIo();
  await runReport(saved('aws'), { json: true }, io);
  const again = fakeIo({ input: Buffer.from(stdout()) });
  await runReport('-', { json: true }, again.io);
  expect(JSON.parse(again.stdout())).toEqual(JSON.parse(stdout()));
});

it.each([
  ['check', () => checkOf('orders')],
  ['migration', () => migrationOf('orders')],
])('tune report knows a saved %s, with the formats that it has', async (kind, documentOf) => {
  const { io, stdout } = fakeIo({ input: Buffer.from(JSON.stringify(documentOf())) });
  expect(await runReport('-', { report: ['markdown'] }, io)).toBe(0);
  expect(stdout()).toContain('orders');
  const unknown = fakeIo({ input: Buffer.from(JSON.stringify(documentOf())) });
  await expect(runReport('-', { report: ['markdow'] }, unknown.io), kind).rejects.toMatchObject({
    code: 'USAGE',
    hint: expect.stringContaining('"markdown"'),
  });
});

it('tune report writes what gets a file and prints one other format', async () => {
  const { io, stdout } = fakeIo({ cwd: folder });
  await runReport(saved('aws'), { report: ['csv=run.csv', 'html=run.html', 'quiet'] }, io);
  expect(stdout().trim().split('\n')).toHaveLength(1);
  expect(await readFile(join(folder, 'run.csv'), 'utf8')).toContain('memoryMb');
  expect(await readFile(join(folder, 'run.html'), 'utf8')).toContain('<html');
});

it.each([
  [['csv', 'markdown'], 'only one format can be printed (csv, markdown)'],
  [['csv=-'], '"-" is no file here'],
  [['csv=no-folder/run.csv'], 'its folder does not exist'],
])('tune report refuses %j before it writes anything', async (report, message) => {
  const { io, stdout } = fakeIo({ cwd: folder });
  await expect(runReport(saved('aws'), { report }, io)).rejects.toThrow(message);
  expect(stdout()).toBe('');
});

/** A name of so many letters that there is no room for the one of the file that is written first. */
const unwritable = `${'x'.repeat(250)}.csv`;

it('tune report saves a file that cannot be written after all elsewhere, says where, and prints and writes all else', async () => {
  const { io, stdout, stderr } = fakeIo({ cwd: folder, temporaryDirectory: folder });
  const report = [`csv=${unwritable}`, 'html=run.html', 'quiet'];
  expect(await runReport(saved('aws'), { report }, io)).toBe(0);
  expect(stdout().trim().split('\n')).toHaveLength(1);
  expect(await readFile(join(folder, 'run.html'), 'utf8')).toContain('<html');
  expect(stderr()).toContain(`could not be written (ENAMETOOLONG).`);
  const [, rescued = ''] = /It was saved as (\S+) instead/.exec(stderr()) ?? [];
  expect(await readFile(rescued, 'utf8')).toContain('memoryMb');
});

it('tune report does not claim a rescue where that file cannot be written either', async () => {
  const { io, stdout, stderr } = fakeIo({ cwd: folder, temporaryDirectory: join(folder, 'none') });
  expect(await runReport(saved('aws'), { report: [`csv=${unwritable}`, 'quiet'] }, io)).toBe(0);
  expect(stdout()).not.toBe('');
  expect(stderr()).not.toContain('saved as');
});

it('tune report refuses to print two things', async () => {
  await expect(runReport(saved('aws'), { json: true, report: ['csv'] }, fakeIo().io)).rejects.toThrow(
    '--json and --report csv both want standard output.',
  );
});

it('tune report says of a file that is not there how one is made, and of another that it is none', async () => {
  await expect(runReport('none.json', {}, fakeIo({ cwd: folder }).io)).rejects.toMatchObject({
    code: 'SAVED_RUN',
    message: 'Cannot read the saved run none.json (ENOENT).',
  });
  await writeFile(join(folder, 'other.json'), '{"name":"lambda-tune"}');
  await expect(runReport('other.json', {}, fakeIo({ cwd: folder }).io)).rejects.toMatchObject({
    code: 'SAVED_RUN',
    exitCode: 2,
  });
});

it('tune report names on stderr what was left behind where the format does not show it', async () => {
  const { io, stdout, stderr } = fakeIo({ input: Buffer.from(JSON.stringify(interruptedRun())) });
  await runReport('-', { report: ['csv'] }, io);
  expect(stdout()).not.toContain('delete-function');
  expect(stderr()).toContain('tune cleanup --run');
});

it('tune report adds to the summary and the outputs of a GitHub job, and says where it cannot', async () => {
  const summary = join(folder, 'summary.md');
  await writeFile(summary, 'before\n');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: join(folder, 'none', 'out') };
  const { io, stderr } = fakeIo({ env, cwd: folder });
  expect(await runReport(saved('aws'), { report: ['github'] }, io)).toBe(0);
  expect(await readFile(summary, 'utf8')).toMatch(/^before\n[\s\S]*1,769/);
  expect(stderr()).toBe('tune: $GITHUB_OUTPUT could not be written (ENOENT).\n');
});

it('tune report lets no line of others be a command to the runner of a GitHub job', async () => {
  const { io, stdout } = fakeIo({ env: { GITHUB_ACTIONS: 'true' } });
  await runReport(saved('failures'), {}, io);
  expect(stdout()).not.toMatch(/^::/m);
});

it('tune report makes the answer of a saved run at a traffic', async () => {
  const { io, stdout, stderr } = fakeIo({ cwd: folder });
  await writeFile(join(folder, 'arrivals.csv'), 'minute,count\n0,30\n1,0\n2,12\n');
  expect(await runReport(saved('aws'), { json: true, traffic: 'arrivals.csv', discount: '12%' }, io)).toBe(0);
  const run = JSON.parse(stdout());
  // 42 calls in 3 of the 43,776 minutes of a month
  expect(run.traffic).toMatchObject({
    given: 'arrivals.csv',
    kind: 'minutes',
    requestsPerMonth: 612_864,
    discount: 0.12,
  });
  expect(run.configurations.every((row: { monthly?: unknown }) => row.monthly !== undefined)).toBe(true);
  expect(stderr()).toBe('');
});

it('tune report reads the traffic of an observation', async () => {
  const { io, stdout } = fakeIo({ cwd: folder });
  const traffic = {
    startsAt: '2026-11-01T00:00:00Z',
    minutesEach: 60,
    counts: Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 600 : 60)),
    idleLifeS: { estimate: 420 },
    logBytesPerCall: 1000,
  };
  await writeFile(join(folder, 'orders.json'), JSON.stringify({ schemaVersion: 1, total: {}, versions: [], traffic }));
  expect(await runReport(saved('aws'), { json: true, observation: 'orders.json' }, io)).toBe(0);
  const run = JSON.parse(stdout());
  expect(run.traffic).toMatchObject({ kind: 'observation', idleLifeS: 420, idleLifeFrom: 'observation' });
  // 7,920 a day × 30.4; 1,000 bytes each at US$ 0.50 a GB
  expect(run.configurations[0].monthly.requests).toBe(240_768);
  expect(run.configurations[0].monthly.logsUsd).toBeCloseTo(0.120384, 6);
  expect(run.configurations[0].monthlyAt15Min).toBeUndefined();
});

it('tune report bills a saved migration, whose verdict stays', async () => {
  const plain = migrationOf('orders');
  const { io, stdout } = fakeIo({ input: Buffer.from(JSON.stringify(plain)) });
  expect(await runReport('-', { json: true, traffic: '3M/month' }, io)).toBe(0);
  const billed = JSON.parse(stdout());
  expect(billed.verdict).toEqual(JSON.parse(JSON.stringify(plain.verdict)));
  expect(billed.run.configurations.some((row: { monthly?: unknown }) => row.monthly !== undefined)).toBe(true);
  expect(billed.run.answer).toEqual({ kind: 'unanswered', because: 'partOfMigration' });
});

it.each([
  [{ traffic: 'rps=0' }, 'USAGE'],
  [{ traffic: 'no-such.csv' }, 'TRAFFIC'],
  [{ traffic: 'rps=1', observation: 'orders.json' }, 'USAGE'],
  [{ discount: '12%' }, 'USAGE'],
])('tune report refuses %j with %s', async (flags, code) => {
  const { io } = fakeIo({ cwd: folder });
  await expect(runReport(saved('aws'), flags, io)).rejects.toMatchObject({ code });
});

it('tune report says that a check holds no calls to replay', async () => {
  const { io } = fakeIo({ input: Buffer.from(JSON.stringify(checkOf('orders'))) });
  await expect(runReport('-', { traffic: 'rps=1' }, io)).rejects.toMatchObject({ code: 'TRAFFIC' });
});
