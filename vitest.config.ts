import { defineConfig } from 'vitest/config';
import { bundledTests } from './test/support/bundledTests.ts';
import { LongFirst } from './test/support/longFirst.ts';

/** What starts real processes or a browser, or needs module state of its own. */
const withProcesses = [
  'test/e2e/**/*.test.ts',
  'test/api/**/*.test.ts',
  'test/faults/**/*.test.ts',
  'test/host/**/*.test.ts',
  'test/local/{places,processes,runtime}/**/*.test.ts',
  'test/local/launch/{ownClients,runtimes}.test.ts',
  'test/local/programs/**/*.test.ts',
  'test/local/packages/real*.test.ts',
  'test/local/cgroup/**/*.test.ts',
];

/** Of the end-to-end tests those that `npm test` runs: each command once through the real binary. */
const quickWithProcesses = [
  'test/e2e/everyCommand.test.ts',
  'test/host/**/!(*.slow).test.ts',
  'test/local/{places,processes,runtime}/**/!(*.slow).test.ts',
  'test/local/launch/{ownClients,runtimes}.test.ts',
  'test/local/cgroup/**/!(*.slow).test.ts',
];

/** Real processes of `tune` against a scripted service: what they measure does not depend on this machine. */
const inAccounts = [
  'test/e2e/!(local|documentedHere|firstCall|surroundings|referenceEnvironments|everyCommand).test.ts',
  'test/api/account.test.ts',
];

const slow = 'test/**/*.slow.test.ts';

/** Of the slow tests those that only compute: seeded runs, over and over. They wait for nothing, and nothing in them has to do with time. */
const simulations = [
  'test/{advice,check,migrate,observe,reporters/migration,reporters/run,search,stats}/**/*.slow.test.ts',
  'test/bench/replayHosts.slow.test.ts',
];

/** Real processes on a shared machine: in CI what fails there is run once more, and what fails twice is broken. Nothing else is. */
export const retry = process.env.CI === undefined ? 0 : 1;

/** What holds for every test. */
export const common = {
  // The SDK's notice about Node 20 would be printed by every file.
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

/**
 * `npm test` runs `unit` and `processes`, `npm run test:all` the slow ones, too. A test is slow that is named so, and any with
 * processes that is not listed above.
 */
export default defineConfig({
  test: {
    ...common,
    // End-to-end tests start real processes with CPU quotas on as few as two cores: more files side by side only make them slower.
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        // Files share their modules, which saves a minute: a test that changes its process puts it back.
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [slow, ...withProcesses], isolate: false },
      },
      { extends: true, test: { name: 'processes', include: quickWithProcesses, retry } },
      {
        extends: true,
        plugins: [bundledTests(/\.slow\.test\.ts$/)],
        test: {
          name: 'simulations',
          include: simulations,
          isolate: false,
          // CI gives them what other tests leave of its cores, which may be little.
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [slow],
          exclude: [...withProcesses, ...simulations],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'slow-processes',
          include: withProcesses,
          exclude: [...quickWithProcesses, ...inAccounts],
          retry,
          // A third one: they wait for shares of a core, for a browser, for npm and for signals.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'slow-accounts',
          include: inAccounts,
          exclude: quickWithProcesses,
          retry,
          // Most run the program in their own process: what it loads, it loads once for all files.
          isolate: false,
          // They wait for a scripted service more than they work.
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
