import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseFleetShard } from '../../src/documents/savedDocument.ts';
import { rankingOf } from '../../src/fleet/ranking.ts';
import { worthByCounts } from '../../src/fleet/worth.ts';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import type { ListedFunction } from '../../src/model/fleet/listedFunction.ts';
import type { ShardRow } from '../../src/model/fleet/shard.ts';
import { costModelFor } from '../../src/pricing/pricing.ts';
import { readRunRecords, recordFolder } from '../../src/state/runRecords.ts';
import { type Account, openAccount, type Running, startTune } from '../e2e/support.ts';

/** A fleet that parts are killed of: five functions of two sizes each, in two parts. */

export const fleetNames = ['bills', 'carts', 'mails', 'orders', 'users'] as const;
export const parts = 2;
export const fleetCapUsd = 0.5;
/** Every part takes every second one. */
export function partOf(name: string): number {
  return 1 + ((fleetNames as readonly string[]).indexOf(name) % parts);
}

/** A cold and four warm calls. */
export const callsEach = 5;
/** Of one part; the flag says it for both. */
export const inFlightOfPart = 2;
export const sizes = [512, 1769] as const;

const preload = fileURLToPath(new URL('processUnderTest.js', import.meta.url));
const day = 86_400_000;

export type Progress = ReadonlyMap<
  string,
  {
    readonly state: ShardRow['state'];
    /** Calls that are written down, by size. */
    readonly recorded: ReadonlyMap<number, number>;
  }
>;

export interface FleetStage {
  readonly account: Account;
  /** Where fleet.json, the config file and the saved runs are. */
  readonly folder: string;
  /** A part as a process; where parts are on machines of their own, each has its own state directory. */
  start(part: number, diesAt?: string): Running;
  /** By function: what the files of the part say. */
  progressOf(part: number): Promise<Progress>;
  /** By function: invocations of its copies that were answered, of those calls. */
  invoked(part: number, from: number, to: number): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export async function openFleetStage(machines: 'one' | 'many'): Promise<FleetStage> {
  const executor = scriptedExecutor(
    ({ spec }) => ({ durationMs: spec.memoryMb === 512 ? 60 : 12, maxMemoryUsedMb: 60 }),
    // Long enough that calls are cut in the middle.
    { waiting: () => new Promise((resolve) => setTimeout(resolve, 3)) },
  );
  const account = await openAccount({ executor });
  for (const FunctionName of fleetNames) await account.create({ FunctionName, MemorySize: 512, Timeout: 3 });
  account.under({});
  const folder = await mkdtemp(join(tmpdir(), 'tune-parts-'));
  await writeFile(join(folder, 'fleet.json'), JSON.stringify(ranking()));
  await writeFile(
    join(folder, 'tune.config.json'),
    JSON.stringify({
      payload: { id: 1 },
      memory: sizes.join(','),
      architecture: 'x86_64',
      invocations: callsEach - 1,
      concurrency: 1,
      maxInFlight: inFlightOfPart * parts,
    }),
  );
  const stateFolder = (part: number) => join(folder, machines === 'one' ? 'state' : `state-${part}`);
  await mkdir(join(folder, 'runs'));
  for (let part = 1; part <= parts; part += 1) await mkdir(stateFolder(part), { recursive: true });
  return {
    account,
    folder,
    start(part, diesAt = '') {
      const args = ['fleet', 'run', 'fleet.json', '--top', '5', '--out', 'runs', '--shard', `${part}/${parts}`];
      const process = { NODE_OPTIONS: `--import=${preload}`, DIES_AT: diesAt };
      const env = { ...account.env, TUNE_STATE_DIR: stateFolder(part), ...process };
      return startTune([...args, '--max-spend-usd', String(fleetCapUsd)], env, folder);
    },
    async progressOf(part) {
      const file = join(folder, 'runs', 'shards', `${part}-of-${parts}.json`);
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined) return new Map();
      const records = readRunRecords([recordFolder(stateFolder(part))]);
      return new Map(
        parseFleetShard(text, file).rows.map(({ functionArn, state, runId }) => {
          const recorded = new Map<number, number>();
          const record = records.find((one) => one.runId === runId)?.record;
          for (const { configuration, measurement } of record?.measured ?? []) {
            if (measurement.outcome === 'unreported') continue;
            recorded.set(configuration.memoryMb, (recorded.get(configuration.memoryMb) ?? 0) + 1);
          }
          return [functionArn.split(':')[6] ?? '', { state, recorded }];
        }),
      );
    },
    invoked(part, from, to) {
      const made = new Map<string, number>();
      for (const { operation, status, resource } of account.endpoint.calls().slice(from, to)) {
        const name = fleetNames.find((one) => resource.includes(one));
        if (operation !== 'Invoke' || status !== 200 || name === undefined || partOf(name) !== part) continue;
        made.set(name, (made.get(name) ?? 0) + 1);
      }
      return made;
    },
    async close() {
      await account.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What `tune fleet rank` would have said of them. */
function ranking() {
  const range = { fromMs: 0, toMs: 30 * day };
  const costModel = costModelFor('us-east-1');
  return rankingOf({
    toolVersion: '0.1.0',
    now: new Date(0),
    range,
    functions: fleetNames.map((functionName) => {
      const listed: ListedFunction = {
        functionName,
        functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
        accountId: '000000000000',
        region: 'us-east-1',
        memoryMb: 512,
        architecture: 'x86_64',
        packageType: 'Zip',
        timeoutS: 3,
        ephemeralStorageMb: 512,
        inVpc: false,
        hasFileSystem: false,
      };
      const worth = worthByCounts(listed, { invocations: 1e6, meanDurationMs: 60 }, range, costModel);
      return { listed, reach: {}, worth, eventSources: [], tags: {} };
    }),
    places: [{ accountId: '000000000000', region: 'us-east-1', status: 'read', notes: [] }],
    spend: { estimatedUsd: 0, spentUsd: 0, capUsd: 0.05 },
    warnings: [],
  });
}
