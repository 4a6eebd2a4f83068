import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, TuneError, UnfinishedError } from '../../src/index.ts';
import { apiIn } from './calling.ts';

const quick = './fixtures/functions/empty-node';

/** Code of a folder, run here: no account is needed. */
describe('a call for a folder', () => {
  let folder: string;
  let api: Api;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tune-api-'));
    api = apiIn(folder, { AWS_ACCESS_KEY_ID: 'none' });
  });
  afterEach(async () => {
    expect(await readdir(join(folder, 'journals')).catch(() => [])).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });

  it('may be made twice at a time', async () => {
    const runs = await Promise.all(
      ['512', '1024'].map((memory) =>
        api.measure({ function: quick, memory, architecture: hostArchitecture, invocations: 2 }),
      ),
    );
    expect(runs.map(({ configurations }) => configurations.map(({ status }) => status))).toEqual([
      ['measured'],
      ['measured'],
    ]);
  });

  it('checks two folders', async () => {
    const gate = await api.check({ function: quick, against: './fixtures/functions/cpu-node', maxInvocations: 12 });
    expect(gate.backend).toBe('local');
    expect(gate.functions[0]).toMatchObject({ comparison: 'against', comparedWith: ['./fixtures/functions/cpu-node'] });
    expect(gate.functions[0]?.samples.current).toBeGreaterThan(0);
  });

  it('looks through a folder for a migration', async () => {
    const migration = await api.migrate({ function: quick, preflightOnly: true });
    expect(migration.preflight.verdict).toBe('compatible');
    expect(migration.run).toBeUndefined();
  });

  it('rejects with what was found when nothing could be measured', async () => {
    const failing = api.measure({ function: './fixtures/functions/crash-init', memory: 512, invocations: 2 });
    await expect(failing).rejects.toBeInstanceOf(UnfinishedError);
    await failing.catch((error: UnfinishedError) => {
      expect(error).toMatchObject({ code: 'NOT_MEASURED', exitCode: 3 });
      expect(error.hint).not.toBe('');
      expect(error.saved).toMatchObject({ leftBehind: [] });
    });
  });
});

const hostArchitecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** The compiler refuses them, and so does the program, for whoever has no compiler. */
describe('options from code', () => {
  const api = apiIn(tmpdir());

  it('are refused before anything is done, with the nearest known key', async () => {
    // @ts-expect-error: misspelt
    const misspelt = api.measure({ function: quick, memroy: 512 });
    await expect(misspelt).rejects.toMatchObject({
      code: 'CONFIG',
      message: 'Options: "memroy" is not an option.',
      hint: 'Did you mean "memory"?',
    });
    await expect(misspelt).rejects.toBeInstanceOf(TuneError);
  });

  it('are refused where they belong to another function', async () => {
    // @ts-expect-error: of check
    await expect(api.measure({ function: quick, against: 'orders' })).rejects.toMatchObject({
      code: 'CONFIG',
      message: 'Options: "against" is not an option of measure().',
      hint: 'It is one of check().',
    });
    // @ts-expect-error: of migrate
    await expect(api.check({ function: quick, require: 'cheaper' })).rejects.toMatchObject({ code: 'CONFIG' });
    // @ts-expect-error: of check
    await expect(api.migrate({ function: quick, strict: true })).rejects.toMatchObject({ code: 'CONFIG' });
  });

  it('are refused where they only say how a program prints and asks', async () => {
    // @ts-expect-error: nothing is printed
    await expect(api.measure({ function: quick, json: true })).rejects.toMatchObject({
      message: 'Options: "json" is for the command line, not for measure().',
    });
    // @ts-expect-error: a verdict is no exit code
    await expect(api.check({ function: quick, onInconclusive: 'pass' })).rejects.toMatchObject({
      message: 'Options: "onInconclusive" is for the command line, not for check().',
    });
  });

  it('have the types that their values may have', async () => {
    // @ts-expect-error: an architecture that Lambda does not have
    await expect(api.measure({ function: quick, architecture: ['sparc'] })).rejects.toMatchObject({
      code: 'CONFIG',
      message: 'Options: architecture.0 must be x86_64 or arm64.',
    });
    // @ts-expect-error: no count
    await expect(api.measure({ function: quick, invocations: true })).rejects.toMatchObject({ code: 'CONFIG' });
    // @ts-expect-error: a function is needed
    await expect(api.measure({ memory: 512 })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(api.check({ maxP95Ms: 5 })).rejects.toMatchObject({ code: 'USAGE', message: 'No function is given.' });
  });

  it('cannot lead to the standard input of the program that calls', async () => {
    await expect(api.measure({ function: quick, payload: '-' })).rejects.toMatchObject({ code: 'USAGE' });
  });
});
