import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // End-to-end tests start real processes with CPU quotas on as few as two cores: more files side by side only make them slower.
    maxWorkers: 2,
    // The SDK's notice about Node 20 would be printed by every file.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Real processes on a shared machine: what fails there is played once more, and what fails twice is broken.
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
