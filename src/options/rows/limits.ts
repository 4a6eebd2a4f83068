import { checkDefaults } from '../../check/options.ts';
import { gate } from './commands.ts';
import type { Sheet } from './row.ts';

/** What a check judges. A baseline that is to decide with a limit is made for it. */
export const limits = {
  maxCostIncrease: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'of typical and of mean cost',
    default: checkDefaults.limits.cost.max,
    inFleet: true,
    on: gate,
  },
  warnCostIncrease: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'said, not failed, from here on',
    inFleet: true,
    on: { check: {} },
  },
  maxDurationIncrease: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'of typical duration; below 10 ms it is judged unasked, with the limit of cost',
    inFleet: true,
    on: gate,
  },
  warnDurationIncrease: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'said, not failed, from here on',
    inFleet: true,
    on: { check: {} },
  },
  maxP95Increase: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'of the 95th percentile of duration',
    inFleet: true,
    on: gate,
  },
  warnP95Increase: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'said, not failed, from here on',
    inFleet: true,
    on: { check: {} },
  },
  maxInitIncrease: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'of init duration',
    inFleet: true,
    on: gate,
  },
  warnInitIncrease: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'said, not failed, from here on',
    inFleet: true,
    on: { check: {} },
  },
  maxErrorIncrease: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'how much larger a share of calls may fail; given, a pass needs it, too',
    otherwise: '5%',
    inFleet: true,
    on: { check: {} },
  },
  maxCostUsdPerMillion: {
    value: 'usd',
    takes: { kind: 'amount', must: 'must be a number' },
    help: 'budget: mean cost of a million invocations',
    inFleet: true,
    on: { check: {} },
  },
  maxInitMs: {
    value: 'ms',
    takes: { kind: 'amount', must: 'must be a number' },
    help: 'budget: typical init duration',
    inFleet: true,
    on: { check: {} },
  },
  minMemoryHeadroom: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'budget: share of the memory size that must stay free',
    inFleet: true,
    on: { check: {} },
  },
  strict: {
    takes: { kind: 'switch' },
    help: 'mean cost, too, must be within its limit for a pass',
    inFleet: true,
    on: { check: {} },
  },
} as const satisfies Sheet;
