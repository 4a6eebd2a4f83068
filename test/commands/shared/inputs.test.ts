import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOptions, readConfigFile } from '../../../src/commands/shared/inputs.ts';
import { type AskedPayloads, loadPayloads } from '../../../src/commands/shared/payloads.ts';
import { withDefaults } from '../../../src/options/defaults.ts';
import { isTypedPayload } from '../../../src/plan/payloads/source.ts';
import { fakeIo } from '../../support/fakeIo.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inputs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const io = (input = '') => fakeIo({ cwd: folder, input: Buffer.from(input) }).io;
const write = (name: string, text: string) => writeFile(join(folder, name), text);

describe('the config file', () => {
  it('is tune.config.json of the working directory where it is there, and flags are above it', async () => {
    expect(await readConfigFile(undefined, io())).toBeUndefined();
    await write('tune.config.json', '{"function":"orders","invocations":30}');
    expect(await loadOptions({ invocations: '40' }, io())).toMatchObject({ function: 'orders', invocations: 40 });
  });

  it('is the one that is named, which must be there', async () => {
    await write('other.json', '{"function":"users"}');
    expect(await loadOptions({ config: 'other.json' }, io())).toMatchObject({ function: 'users' });
    await expect(loadOptions({ config: 'none.json' }, io())).rejects.toMatchObject({
      code: 'CONFIG',
      message: 'Cannot read the config file none.json (ENOENT).',
    });
  });

  it('that is not JSON is refused by its name', async () => {
    await write('tune.config.json', '{function}');
    await expect(loadOptions({}, io())).rejects.toThrow(/^Config file tune\.config\.json is not JSON: /);
  });
});

describe('payloads', () => {
  const bodies = async (flags: Readonly<Record<string, unknown>>, input?: string) =>
    payloadsHere(
      await loadPayloads(withDefaults('tune', await loadOptions(flags, io(input))), 'orders', io(input)),
    ).map(({ body, weight }) => [body, weight]);
  const payloadsHere = (asked: AskedPayloads) => (asked.kind === 'here' ? asked.payloads : []);

  it('are one empty object where none is given', async () => {
    expect(await bodies({})).toEqual([['{}', 1]]);
  });

  it('are JSON text, a file or standard input', async () => {
    await write('2024.json', '{"from":"file"}');
    expect(await bodies({ payload: '{"n":1}' })).toEqual([['{"n":1}', 1]]);
    expect(await bodies({ payload: '2024.json' })).toEqual([['{"from":"file"}', 1]]);
    expect(await bodies({ payload: '-' }, '[1]')).toEqual([['[1]', 1]]);
  });

  it('are a weighted list from a file', async () => {
    await write('list.json', '[{"payload":{"n":1},"weight":3},{"payload":2,"weight":1}]');
    expect(await bodies({ payloads: 'list.json' })).toEqual([
      ['{"n":1}', 3],
      ['2', 1],
    ]);
  });

  it('are never both, and a file must be there', async () => {
    await expect(bodies({ payload: '1', payloads: 'list.json' })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(bodies({ payload: 'none.json' })).rejects.toMatchObject({
      code: 'PAYLOAD',
      message: 'Cannot read the payload file none.json (ENOENT).',
    });
  });

  it.each([
    ['{"a":1}', true],
    [' [1]', true],
    ['"text"', true],
    ['-12.5e3', true],
    ['null', true],
    ['', true],
    ['2024.json', false],
    ['payload', false],
    ['./true', false],
  ])('%j is JSON itself: %s', (text, isJson) => {
    expect(isTypedPayload(text)).toBe(isJson);
  });
});
