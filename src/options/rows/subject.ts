import { checkDefaults } from '../../check/options.ts';
import { everyRun } from './commands.ts';
import type { Sheet } from './row.ts';

/** What is measured, and how much of it. */
export const subject = {
  function: {
    short: 'f',
    value: 'function',
    takes: { kind: 'text' },
    help: 'name, ARN, name:qualifier, ./directory, ./package.zip or template.yaml#Function',
    common: 'name, ARN, ./folder or template.yaml#Name',
    completes: 'file',
    inFleet: true,
    on: {
      ...everyRun,
      policy: { help: 'for this one, with what it uses (reads it)' },
      doctor: { help: 'look at this one, too' },
      observe: { help: 'name, ARN, name:alias or name:version' },
    },
  },
  againstVariant: {
    value: 'what=a',
    takes: { kind: 'text' },
    help: 'compare with the same function, one thing changed, side by side: runtime=nodejs20.x, env:NAME=a, … (as --vary)',
    on: { check: {} },
  },
  against: {
    value: 'function',
    takes: { kind: 'text' },
    help: 'a second function, version or ./directory, measured side by side: decides best',
    completes: 'file',
    inFleet: true,
    on: { check: {} },
  },
  baseline: {
    value: 'run.json',
    takes: { kind: 'strings' },
    help: 'a saved run: cheap, but coarser, since hours differ; several are pooled',
    completes: 'file',
    inFleet: true,
    on: { check: {} },
  },
  memory: {
    short: 'm',
    value: 'sizes',
    takes: { kind: 'memory' },
    help: '128,512,1024 or all: measured in full; auto or 256..3008: raced',
    common: '128,512 or all; raced: auto, 256..3008',
    offers: ['auto', 'all'],
    inFleet: true,
    on: {
      tune: { default: 'auto' },
      'fleet run': { default: 'auto' },
      check: { value: 'mb', help: 'one size', otherwise: 'what each side has', offers: [] },
      baseline: { value: 'mb', help: 'one size', otherwise: 'its own; 1024 for a path', offers: [] },
      migrate: {
        help: 'current, a list, or auto: one size of them is judged',
        default: 'current',
        offers: ['current', 'auto'],
      },
      local: {
        value: 'mb',
        help: 'memory size of the functions',
        otherwise: "the template's; 1024 for a path",
        offers: [],
      },
    },
  },
  architecture: {
    value: 'list',
    takes: { kind: 'architectures' },
    help: 'x86_64, arm64 or x86_64,arm64',
    common: true,
    completes: 'architecture',
    inFleet: true,
    on: {
      tune: { otherwise: 'both' },
      'fleet run': { otherwise: 'both' },
      check: { value: 'architecture', help: 'x86_64 or arm64', otherwise: 'what each side has' },
      baseline: { value: 'architecture', help: 'x86_64 or arm64', otherwise: 'its own' },
    },
  },
  preflightOnly: {
    takes: { kind: 'switch' },
    help: 'look through the package and layers; create nothing',
    on: { migrate: {} },
  },
  invocations: {
    short: 'n',
    value: 'n',
    takes: { kind: 'wholeNumber', from: 1, to: 100_000 },
    help: 'warm invocations per configuration',
    common: 'warm calls per configuration (default: 20)',
    on: {
      tune: { default: 20 },
      'fleet run': { default: 20 },
      baseline: { help: 'warm calls at least', otherwise: 'what a check needs' },
      // A p95 is bounded from above from 72 calls on.
      migrate: { default: 80 },
    },
  },
  maxInvocations: {
    value: 'n',
    takes: { kind: 'wholeNumber', from: 12, to: 10_000 },
    help: 'warm samples of a check a side at most, three times as many where a file is the other side',
    default: checkDefaults.maxSamples,
    inFleet: true,
    on: { check: { under: 'verdict' }, baseline: { under: 'limits' } },
  },
  concurrency: {
    value: 'n',
    takes: { kind: 'wholeNumber', from: 1, to: 1000 },
    help: 'environments per configuration',
    on: {
      tune: { otherwise: '2 on AWS, 1 locally' },
      'fleet run': { otherwise: '2' },
      baseline: { help: 'environments at least', otherwise: 'what a check needs' },
      migrate: { otherwise: 'and least: 4' },
    },
  },
  coldStarts: {
    value: 'n',
    takes: { kind: 'wholeNumber', from: 1, to: 1000 },
    help: 'make so many cold starts per configuration on purpose',
    on: { tune: {}, 'fleet run': {} },
  },
  continue: {
    value: 'run.json',
    takes: { kind: 'text' },
    help: 'add samples to a run of the same code that is not older than a day',
    completes: 'file',
    on: { tune: {} },
  },
} as const satisfies Sheet;
