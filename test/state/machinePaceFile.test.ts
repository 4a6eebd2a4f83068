import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { keepPace, readKnownPace } from '../../src/state/machinePaceFile.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tune-pace-'));
  folders.push(folder);
  return folder;
}

const now = new Date('2026-11-29T18:00:00.000Z');
const fastestMs = Array.from({ length: 12 }, (_, index) => 0.024 + index / 1_000_000);
const calls = { fastestMs, codes: [{ code: 'mine', follows: [{ range: 1, slope: 1.1, error: 0.02 }] }] };

it('what a run saw is known to the next one, in a file of its owner’s alone, with nothing beside it', () => {
  const folder = stateFolder();
  expect(readKnownPace([folder], 'here', now)(undefined)).toBeUndefined();
  keepPace(folder, 'here', calls, now);
  expect(readKnownPace([folder], 'here', now)(undefined)).toEqual({
    referenceMs: 0.024,
    runs: 1,
    lastSeenAt: '2026-11-29T18:00:00.000Z',
  });
  expect(readKnownPace([folder], 'here', now)('mine')?.follows?.[0]).toMatchObject({ range: 1, slope: 1.1 });
  expect(readdirSync(folder)).toEqual(['pace.json']);
  expect(statSync(join(folder, 'pace.json')).mode & 0o777).toBe(0o600);
  keepPace(folder, 'here', calls, now);
  expect(readKnownPace([folder], 'here', now)('other')?.runs).toBe(2);
});

it('a damaged file is nothing known, and the next run writes a whole one', () => {
  const folder = stateFolder();
  writeFileSync(join(folder, 'pace.json'), '{"version":1,"seen":[{"mach');
  expect(readKnownPace([folder], 'here', now)(undefined)).toBeUndefined();
  keepPace(folder, 'here', calls, now);
  expect(readKnownPace([folder], 'here', now)('other')?.referenceMs).toBe(0.024);
});

it('a link is not followed, and replaced', () => {
  const folder = stateFolder();
  const elsewhere = join(stateFolder(), 'precious.json');
  const precious = '{"version":1,"seen":[]}';
  writeFileSync(elsewhere, precious);
  symlinkSync(elsewhere, join(folder, 'pace.json'));
  keepPace(folder, 'here', calls, now);
  expect(readFileSync(elsewhere, 'utf8')).toBe(precious);
  expect(readKnownPace([folder], 'here', now)('other')?.runs).toBe(1);
});

it('a folder that is gone, and calls that tell nothing, cost nobody anything', () => {
  const folder = stateFolder();
  keepPace(join(folder, 'gone'), 'here', calls, now);
  keepPace(folder, 'here', { fastestMs: [0.024], codes: [] }, now);
  expect(readKnownPace([join(folder, 'gone')], 'here', now)(undefined)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});
