import { expect, it } from 'vitest';
import { featureFlags } from '../../../src/local/runtime/runtimes.ts';

const known = ['--experimental-require-module', '--experimental-detect-module', '--inspect'];

it.each([
  [18, '', []],
  [20, '', ['--no-experimental-require-module']],
  [22, '', ['--no-experimental-require-module', '--no-experimental-detect-module']],
  [24, '', ['--no-experimental-require-module']],
  [26, '', []],
  [22, '--enable-source-maps --experimental-require-module', ['--no-experimental-detect-module']],
  [22, '--experimental-detect-module', ['--no-experimental-require-module']],
])('nodejs%i.x with NODE_OPTIONS "%s" runs without what Lambda disables', (major, options, flags) => {
  expect(featureFlags(major, known, options)).toEqual(flags);
});

it('a host whose Node does not know a feature is given no flag for it', () => {
  expect(featureFlags(22, ['--experimental-detect-module'], '')).toEqual(['--no-experimental-detect-module']);
});
