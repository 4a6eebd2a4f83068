import { describe, expect, it } from 'vitest';
import { runFleetRank } from '../../../src/commands/fleet/rank.ts';
import { fleetSchema } from '../../../src/model/fleet/fleet.ts';
import { inFleetWorld } from './world.ts';

describe('fleet rank', () => {
  const inWorld = inFleetWorld({
    closedAccounts: ['333333333333'],
    functionsOf: () => [
      { functionName: 'idle' },
      { functionName: 'busy', memoryMb: 2048, invocations: 3_000_000, meanMs: 100 },
    ],
  });
  const rank = async (flags: Readonly<Record<string, unknown>> = {}) => {
    const { io, stdout, stderr } = inWorld().process();
    const code = await runFleetRank({ observe: '0', json: true, quiet: true, ...flags }, io);
    return { code, stderr: stderr(), fleet: fleetSchema.parse(JSON.parse(stdout())) };
  };

  it('puts what costs most first, with counts alone where no records are asked for, and calls nothing', async () => {
    const { code, stderr, fleet } = await rank();
    expect([code, stderr]).toEqual([0, '']);
    expect(fleet.functions.map(({ functionName, basis }) => [functionName, basis])).toEqual([
      ['busy', 'metrics'],
      ['idle', 'metrics'],
    ]);
    expect(fleet.places.map(({ region, status }) => [region, status])).toEqual([['us-east-1', 'read']]);
    expect(inWorld().world.calls.some(({ operation }) => operation.includes('/invocations'))).toBe(false);
  });

  it('counts as many as the cap allows, and of the others nothing is known', async () => {
    const { code, fleet } = await rank({ maxSpendUsd: '0.00002' });
    expect([code, fleet.endedBy]).toEqual([0, 'cap']);
    expect(fleet.spend.spentUsd).toBeLessThanOrEqual(0.00002);
    expect(fleet.functions.filter(({ monthlyUsd }) => monthlyUsd === null)).toHaveLength(1);
  });

  it('makes a row of a place that cannot be read, beside those that can', async () => {
    const roles = ['111111111111', '333333333333'].map((id) => `arn:aws:iam::${id}:role/tune`);
    const { code, fleet } = await rank({ assumeRole: roles.join(',') });
    expect(code).toBe(0);
    expect(fleet.places.map(({ accountId, status }) => [accountId, status])).toEqual([
      ['111111111111', 'read'],
      ['333333333333', 'denied'],
    ]);
  });

  it('shows the document and then fails where no place could be read', async () => {
    const { io, stdout } = inWorld().process();
    const flags = { observe: '0', json: true, quiet: true, assumeRole: 'arn:aws:iam::333333333333:role/tune' };
    await expect(runFleetRank(flags, io)).rejects.toMatchObject({ message: expect.stringContaining('assumed') });
    expect(fleetSchema.parse(JSON.parse(stdout())).functions).toEqual([]);
  });

  it.each([
    [{ externalId: 'agreed' }, '--external-id says something of a role, and none is named.'],
    [{ assumeRole: 'tune' }, '--assume-role tune is the name of a role, and no accounts are named.'],
  ])('refuses %j before anything is read', async (flags, message) => {
    const before = inWorld().world.calls.length;
    await expect(runFleetRank(flags, inWorld().process().io)).rejects.toMatchObject({ code: 'USAGE', message });
    expect(inWorld().world.calls.length).toBe(before);
  });
});
