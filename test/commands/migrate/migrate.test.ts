import { describe, expect, it } from 'vitest';
import { runMigrate } from '../../../src/commands/migrate/migrate.ts';
import { migrationResultSchema } from '../../../src/model/migration.ts';
import { zipOf } from '../../local/lab.ts';
import { inLabAccount } from '../labAccount.ts';

const flags = { function: 'orders', json: true };

describe('tune migrate', () => {
  const account = inLabAccount();
  const writes = () =>
    account()
      .lab.endpoint.calls()
      .filter(({ operation }) => /^(Create|Put|Delete|Update|Invoke|Publish)/.test(operation));
  const created = async (files?: Readonly<Record<string, string>>) => {
    await account().lab.create(files === undefined ? {} : { Code: { ZipFile: await zipOf(files) } });
    account().under({});
  };
  async function migrated(more: Readonly<Record<string, unknown>>) {
    const { io, stdout, stderr } = account().process();
    const code = await runMigrate({ ...flags, ...more }, io);
    return { code, stderr: stderr(), document: migrationResultSchema.parse(JSON.parse(stdout())) };
  }

  it.each([
    [{ preflightOnly: true }, ''],
    [{ dryRun: true }, 'Plan'],
  ])('with %j looks, and writes nothing', async (more, shown) => {
    await created();
    const { code, stderr, document } = await migrated(more);
    expect([code, document.preflight.verdict, document.verdict.kind]).toEqual([0, 'compatible', 'undecided']);
    expect([document.steps, document.run]).toEqual([[], undefined]);
    expect(stderr).toContain(shown);
    expect(writes()).toEqual([]);
  });

  it('with something required is not met by a look: 4', async () => {
    await created();
    expect((await migrated({ preflightOnly: true, require: 'both' })).code).toBe(4);
  });

  it('measures nothing where the package cannot run there, which is an answer, or 1 where a move is required', async () => {
    const elf = Buffer.alloc(64);
    elf.write('\u007fELF\u0002\u0001\u0001', 'latin1');
    elf.writeUInt16LE(3, 16);
    elf.writeUInt16LE(62, 18);
    const zip = await zipOf({ 'index.mjs': 'export const handler = 1;', 'addon.node': elf.toString('latin1') });
    await account().lab.create({ Code: { ZipFile: zip } });
    account().under({});
    const { code, document } = await migrated({});
    expect([code, document.verdict.kind, document.preflight.verdict]).toEqual([0, 'cannot', 'incompatible']);
    expect((await migrated({ require: 'cheaper' })).code).toBe(1);
    expect(writes()).toEqual([]);
  });

  it('creates nothing without consent', async () => {
    await created();
    await expect(runMigrate(flags, account().process().io)).rejects.toMatchObject({ code: 'CONSENT' });
    expect(writes()).toEqual([]);
  });

  it.each([
    [{ function: undefined }, 'No function is given.'],
    [{ ignore: ['no-pointer'] }, /no-pointer/],
  ])('finds what is wrong with %j before it calls anything', async (wrong, message) => {
    await expect(runMigrate({ ...flags, ...wrong }, account().process().io)).rejects.toThrow(message);
    expect(account().lab.endpoint.calls()).toEqual([]);
  });
});
