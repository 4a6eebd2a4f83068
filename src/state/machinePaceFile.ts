import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { CalmPace } from '../model/measurement.ts';
import { attempt, readLog } from './logFiles.ts';
import { calmestOf, knownPace, type PaceSeen, pacesText, parsePaces, withPace } from './machinePace.ts';

/** Beside the journals. What cannot be read is not known, what cannot be written is not kept: neither costs a run anything. */
function paceFile(stateFolder: string): string {
  return path.join(stateFolder, 'pace.json');
}

/** Two hundred runs take 25 KB. */
const largestBytes = 256 * 1024;

function readPaces(stateFolder: string): readonly PaceSeen[] {
  const text = attempt(() => ({ read: readLog(paceFile(stateFolder), 'file', largestBytes) }));
  return typeof text === 'string' ? [] : parsePaces(text.read);
}

/** Creates nothing. */
export function readKnownPace(stateFolders: readonly string[], machine: string, now: Date): CalmPace | undefined {
  return knownPace(stateFolders.flatMap(readPaces), machine, now);
}

/**
 * Written whole beside the file and put in its place, so that nobody reads half of it. Of two runs that end at the same moment
 * one may not be kept, which changes nothing that is known. Never throws.
 */
export function keepPace(stateFolder: string, machine: string, fastestMs: readonly number[], now: Date): void {
  const found = calmestOf(fastestMs);
  if (found === undefined) return;
  const seen = withPace(readPaces(stateFolder), { machine, at: now.toISOString(), ...found });
  const file = paceFile(stateFolder);
  const beside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    fs.writeFileSync(beside, pacesText(seen), { flag: 'wx', mode: 0o600 });
    fs.renameSync(beside, file);
  } catch {
    attempt(() => ({ removed: fs.rmSync(beside, { force: true }) }));
  }
}
