import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import { type Lab, settled, startLab } from '../local/lab.ts';
import { type FakeIo, type FakeProcess, fakeIo } from '../support/fakeIo.ts';

const region = 'us-east-1';

export interface LabAccount {
  readonly lab: Lab;
  /** A folder of the test: working directory, home, temporary and state directory of its processes. */
  readonly folder: string;
  /** A process that finds the account by its environment. */
  process(change?: FakeProcess): FakeIo;
  under(testing: Partial<TestingOptions>): void;
}

/** For each test an account of its own, without processes, and a folder. What it answers is only known while a test runs. */
export function inLabAccount(options: Parameters<typeof startLab>[0] = {}): () => LabAccount {
  const usual = { ...settled, ...options.testing };
  let account: LabAccount | undefined;
  beforeEach(async () => {
    const lab = await startLab({ ...options, testing: usual });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tune-command-'));
    // The SDK reads the credentials from the real environment.
    const env = {
      AWS_ACCESS_KEY_ID: 'lab',
      AWS_SECRET_ACCESS_KEY: 'lab',
      AWS_ENDPOINT_URL: lab.endpoint.url,
      AWS_REGION: region,
    };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    account = {
      lab,
      folder,
      process: ({ env: more, ...change } = {}) =>
        fakeIo({
          env: { TUNE_STATE_DIR: folder, AWS_ENDPOINT_URL: lab.endpoint.url, AWS_REGION: region, ...more },
          cwd: folder,
          homeDirectory: folder,
          temporaryDirectory: folder,
          processExists: () => false,
          ...change,
        }),
      under: (testing) => lab.endpoint.setTesting({ ...usual, ...testing }),
    };
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await account?.lab.close();
    if (account !== undefined) fs.rmSync(account.folder, { recursive: true, force: true });
  });
  return () => {
    if (account === undefined) throw new Error('there is an account only while a test runs');
    return account;
  };
}
