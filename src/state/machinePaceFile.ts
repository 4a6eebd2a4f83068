import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { CalmPace } from '../model/measurement.ts';
import { attempt, readLog } from './logFiles.ts';
import {
  type CodeSeen,
  calmestOf,
  knownFollows,
  knownPace,
  type Paces,
  pacesText,
  parsePaces,
  withPaces,
} from './machinePace.ts';

/** Beside the journals. What cannot be read is not known, what cannot be written is not kept: neither costs a run anything. */
function paceFile(stateFolder: string): string {
  return path.join(stateFolder, 'pace.json');
}

/** Two hundred runs, and as many codes with four ranges each, take 95 KB. */
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
  const codes = paces.flatMap((one) => one.codes);
  const calm = knownPace(
    paces.flatMap(({ seen }) => seen),
    machine,
    now,
  );
  return (code) => {
    if (calm === undefined || code === undefined) return calm;
    return { ...calm, follows: knownFollows(codes, { machine, code }, now) };
  };
}

/** Of one run. */
interface Found {
  readonly fastestMs: readonly number[];
  readonly codes: readonly Pick<CodeSeen, 'code' | 'follows'>[];
}

/**
 * Written whole beside the file and put in its place, so that nobody reads half of it. Of two runs that end at the same moment
 * one may not be kept, which changes nothing that is known. Never throws.
 */
export function keepPace(stateFolder: string, machine: string, { fastestMs, codes }: Found, now: Date): void {
  const found = calmestOf(fastestMs);
  if (found === undefined) return;
  const of = { machine, at: now.toISOString() };
  const latest = { seen: [{ ...of, ...found }], codes: codes.map((one) => ({ ...of, ...one })) };
  const file = paceFile(stateFolder);
  const beside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    fs.writeFileSync(beside, pacesText(withPaces(readPaces(stateFolder), latest)), { flag: 'wx', mode: 0o600 });
    fs.renameSync(beside, file);
  } catch {
    attempt(() => ({ removed: fs.rmSync(beside, { force: true }) }));
  }
}
