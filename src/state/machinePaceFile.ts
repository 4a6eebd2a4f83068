import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { CalmPace } from '../model/measurement.ts';
import { attempt, readLog } from './logFiles.ts';
import {
  calmestOf,
  knownPace,
  knownSlope,
  type Paces,
  pacesText,
  parsePaces,
  type SlopeSeen,
  withPaces,
} from './machinePace.ts';

/** Beside the journals. What cannot be read is not known, what cannot be written is not kept: neither costs a run anything. */
function paceFile(stateFolder: string): string {
  return path.join(stateFolder, 'pace.json');
}

/** Two hundred runs take 25 KB. */
const largestBytes = 256 * 1024;

function readPaces(stateFolder: string): Paces {
  const text = attempt(() => ({ read: readLog(paceFile(stateFolder), 'file', largestBytes) }));
  return parsePaces(typeof text === 'string' ? '' : text.read);
}

/** What is known of a machine, and of code on it. */
export type KnownPace = (code: string | undefined) => CalmPace | undefined;

/** Creates nothing. */
export function readKnownPace(stateFolders: readonly string[], machine: string, now: Date): KnownPace {
  const paces = stateFolders.map(readPaces);
  const slopes = paces.flatMap((one) => one.slopes);
  const calm = knownPace(
    paces.flatMap(({ seen }) => seen),
    machine,
    now,
  );
  return (code) => {
    const slope = code === undefined ? undefined : knownSlope(slopes, { machine, code }, now);
    return calm === undefined || slope === undefined ? calm : { ...calm, slope };
  };
}

/** Of one run. */
interface Found {
  readonly fastestMs: readonly number[];
  readonly slopes: readonly Pick<SlopeSeen, 'code' | 'slope' | 'error'>[];
}

/**
 * Written whole beside the file and put in its place, so that nobody reads half of it. Of two runs that end at the same moment
 * one may not be kept, which changes nothing that is known. Never throws.
 */
export function keepPace(stateFolder: string, machine: string, { fastestMs, slopes }: Found, now: Date): void {
  const found = calmestOf(fastestMs);
  if (found === undefined) return;
  const of = { machine, at: now.toISOString() };
  const latest = { seen: [{ ...of, ...found }], slopes: slopes.map((one) => ({ ...of, ...one })) };
  const file = paceFile(stateFolder);
  const beside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    fs.writeFileSync(beside, pacesText(withPaces(readPaces(stateFolder), latest)), { flag: 'wx', mode: 0o600 });
    fs.renameSync(beside, file);
  } catch {
    attempt(() => ({ removed: fs.rmSync(beside, { force: true }) }));
  }
}
