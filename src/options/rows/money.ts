import { everyRun } from './commands.ts';
import type { Sheet } from './row.ts';

const together = "stop before Lambda's charges can exceed it, all functions together";

export const money = {
  dryRun: {
    takes: { kind: 'switch' },
    help: 'show plan and estimate; make no writing call',
    common: true,
    on: {
      ...everyRun,
      migrate: { help: 'preflight, plan and estimate; make no writing call' },
      cleanup: { help: 'show what would be removed' },
      'fleet run': {},
    },
  },
  maxSpendUsd: {
    value: 'usd',
    takes: { kind: 'dollars' },
    help: "stop before Lambda's charges can exceed it",
    common: true,
    inFleet: true,
    on: {
      ...everyRun,
      check: { help: together },
      baseline: { help: together },
      observe: { help: 'what AWS may charge for the reads', default: 0.05 },
      'fleet rank': {
        help: 'what AWS may charge for the reads',
        otherwise: '0.05, and as much again for every further 500 functions',
      },
      'fleet run': { help: together },
      'fleet emit': { help: 'of all parts together', default: 5 },
      'fleet verify': { help: 'what AWS may charge for the reads of each function', default: 0.05 },
    },
  },
  maxInFlight: {
    value: 'n',
    takes: { kind: 'wholeNumber', from: 1, to: 1000 },
    help: 'invocations at once, all configurations together',
    otherwise: '5 % of what is unreserved',
    on: { ...everyRun, 'fleet run': { help: 'invocations at once in one account and region' } },
  },
  price: {
    value: 'list',
    takes: { kind: 'text' },
    help: 'US$ for a region without known prices: x86_64=…,arm64=…,request=…',
    inFleet: true,
    on: { ...everyRun, observe: {}, 'fleet rank': {}, 'fleet run': {}, 'fleet verify': {} },
  },
  yes: {
    short: 'y',
    takes: { kind: 'switch' },
    help: 'do not ask before creating and invoking',
    common: true,
    forShell: true,
    on: {
      ...everyRun,
      cleanup: { help: 'do not ask' },
      apply: { help: 'do not ask before writing' },
      'fleet apply': { help: 'do not ask before writing' },
      'fleet run': {},
    },
  },
} as const satisfies Sheet;
