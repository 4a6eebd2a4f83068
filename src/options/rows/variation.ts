import type { Sheet } from './row.ts';

/** What is measured beside the function as it is. */
export const variation = {
  vary: {
    value: 'what=a,b',
    takes: { kind: 'strings' },
    help: 'copies that differ: runtime=…, snapstart=on,off, layer:<name>=with,without, layers=…|…, env:NAME=…, code=…, log-level=…',
    default: [],
    on: { tune: {}, policy: {} },
  },
  variants: {
    value: 'file',
    takes: { kind: 'text' },
    help: 'named variants: {"variants": [{"name": "node 24", "runtime": "nodejs24.x"}]}',
    completes: 'file',
    on: { tune: {} },
  },
} as const satisfies Sheet;
