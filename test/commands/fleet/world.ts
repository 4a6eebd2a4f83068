import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { type FleetWorld, startFleetWorld, type WorldOptions } from '../../fleet/fleetWorld.ts';
import { type FakeIo, type FakeProcess, fakeIo } from '../../support/fakeIo.ts';

const region = 'us-east-1';

export interface InWorld {
  readonly world: FleetWorld;
  /** Of one test: working directory, home and state directory. */
  readonly folder: string;
  process(change?: FakeProcess): FakeIo;
}

/** Accounts and regions for all tests of a file, which only read them, and a folder for each. */
export function inFleetWorld(options: WorldOptions): () => InWorld {
  let world: FleetWorld | undefined;
  let folder = '';
  beforeAll(async () => {
    world = await startFleetWorld(options);
  }, 60_000);
  afterAll(() => world?.close());
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fleet-command-'));
    // The SDK reads them from the real environment.
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_ENDPOINT_URL', world?.url);
    vi.stubEnv('AWS_REGION', region);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    if (world === undefined) throw new Error('there is a world only while a test runs');
    const { url } = world;
    return {
      world,
      folder,
      process: (change = {}) =>
        fakeIo({
          env: { TUNE_STATE_DIR: folder, AWS_ENDPOINT_URL: url, AWS_REGION: region },
          cwd: folder,
          homeDirectory: folder,
          temporaryDirectory: folder,
          processExists: () => false,
          ...change,
        }),
    };
  };
}
