import type { Sheet } from './row.ts';

/** The traffic that the answer is made at. */
export const traffic = {
  traffic: {
    value: 'rate|file',
    takes: { kind: 'text' },
    help: 'monthly bills and the answer at it: rps=20, 1M/month, or a file of minute,count or of arrival times in seconds',
    completes: 'file',
    inFleet: true,
    on: {
      tune: {},
      check: { help: 'show the monthly bill at it: rps=20, 1M/month or a file' },
      migrate: {},
      report: {},
    },
  },
  observation: {
    value: 'file',
    takes: { kind: 'text' },
    help: "the same at production's own traffic, from what tune observe --json wrote",
    completes: 'file',
    inFleet: true,
    on: { tune: {}, check: {}, migrate: {}, report: {} },
  },
  discount: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'off the compute lines of monthly bills, such as 12% of a Savings Plan',
    otherwise: 'list prices',
    inFleet: true,
    on: { tune: {}, check: {}, migrate: {}, report: {} },
  },
} as const satisfies Sheet;
