import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTraffic } from '../../../src/commands/shared/traffic.ts';
import { fakeIo } from '../../support/fakeIo.ts';

describe('the traffic that is asked about', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'traffic-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const load = (options: Parameters<typeof loadTraffic>[0]) => loadTraffic(options, fakeIo({ cwd: folder }).io);

  it('is none where nothing was asked', async () => {
    expect(await load({})).toBeUndefined();
  });

  it('is a rate, as it was written', async () => {
    expect(await load({ traffic: ' 1M/month ', discount: 0.12 })).toMatchObject({
      given: '1M/month',
      kind: 'rate',
      discount: 0.12,
    });
  });

  it('is a file of counts, called by its name alone', async () => {
    await writeFile(join(folder, 'arrivals.csv'), 'minute,count\n0,30\n1,0\n');
    expect(await load({ traffic: join(folder, 'arrivals.csv') })).toMatchObject({
      given: 'arrivals.csv',
      kind: 'minutes',
    });
  });

  it.each([
    [{ traffic: 'rps=1', observation: 'o.json' }, 'USAGE', 'cannot be given together'],
    [{ discount: 0.1 }, 'USAGE', 'there is no traffic to bill'],
    [{ traffic: 'rps=1', coldShare: 0.1 }, 'USAGE', '--cold-share and traffic'],
    [{ traffic: 'none.csv' }, 'TRAFFIC', 'Cannot read the traffic in none.csv (ENOENT).'],
  ] as const)('is refused where it is %j', async (options, code, message) => {
    await expect(load(options)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each([
    ['not JSON', '{', 'it is not JSON'],
    ['without arrivals', '{"schemaVersion": 1, "total": {}, "versions": []}', 'it holds no arrivals'],
    [
      'with arrivals of another form',
      '{"schemaVersion": 1, "total": {}, "versions": [], "traffic": {"startsAt": "yesterday"}}',
      'traffic.startsAt',
    ],
  ])('is refused of an observation %s, naming what is wrong', async (_, text, why) => {
    await writeFile(join(folder, 'orders.json'), text);
    await expect(load({ observation: 'orders.json' })).rejects.toMatchObject({
      code: 'TRAFFIC',
      message: expect.stringContaining(why),
    });
  });
});
