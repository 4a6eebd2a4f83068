import { defineConfig } from 'vitest/config';
import { common, retry } from '../../vitest.config.ts';

/** One project of all files: of the few that are asked for, none waits until those of another kind are through. */
export default defineConfig({
  test: {
    ...common,
    include: ['test/**/*.test.ts'],
    retry,
    // They wait for processes and a scripted service more than they work.
    maxWorkers: 3,
  },
});
