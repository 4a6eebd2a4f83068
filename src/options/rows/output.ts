import { recordOf } from '../../base/keys.ts';
import { commandNames, everyRun } from './commands.ts';
import { checkFormats, fleetFormats, observationFormats, runFormats } from './formats.ts';
import type { Sheet } from './row.ts';

const ofFleet = { help: fleetFormats.join(', '), offers: fleetFormats };

const ofParts = { help: 'name of this run, at most 19 characters; tune cleanup --run takes it' };

export const output = {
  json: {
    takes: { kind: 'switch' },
    help: 'print the saved run as JSON',
    common: true,
    forShell: true,
    on: {
      ...everyRun,
      check: { help: 'print the document of the check as JSON' },
      migrate: { help: 'print the document of the migration as JSON' },
      apply: { help: 'print edits, diff and refusals as JSON' },
      doctor: { help: 'print what was found as JSON' },
      observe: { help: 'print the observation as JSON' },
      report: { help: 'print the saved document as JSON' },
      'fleet rank': { help: 'print the ranking as JSON: what tune fleet run reads' },
      'fleet run': { help: 'print the portfolio as JSON' },
      'fleet merge': { help: 'print the portfolio as JSON' },
      'fleet apply': { help: 'print edits, diffs and refusals of all as JSON' },
      'fleet verify': { help: 'print the verdicts with the observations as JSON' },
    },
  },
  report: {
    value: 'format[=file]',
    takes: { kind: 'strings' },
    help: runFormats.join(', '),
    common: 'html, markdown, csv, junit, … (repeatable)',
    default: [],
    offers: runFormats,
    forShell: true,
    on: {
      ...everyRun,
      check: { help: checkFormats.join(', '), offers: checkFormats },
      baseline: { help: 'json=base.json is the baseline; any format of a run' },
      report: { otherwise: 'table' },
      observe: { help: observationFormats.join(', '), offers: observationFormats },
      'fleet rank': ofFleet,
      'fleet run': ofFleet,
      'fleet merge': ofFleet,
    },
  },
  runId: {
    value: 'id',
    takes: { kind: 'runId' },
    help: 'name of this run in tags, names and reports',
    otherwise: 'random',
    on: {
      tune: {},
      check: ofParts,
      baseline: ofParts,
      migrate: { help: 'name of this run; at most 19 characters with --memory auto' },
    },
  },
  quiet: {
    short: 'q',
    takes: { kind: 'switch' },
    help: 'the answer in one sentence, no progress',
    common: true,
    forShell: true,
    on: {
      ...everyRun,
      check: { help: 'the answer in one line, no progress' },
      baseline: { help: 'no progress' },
      report: { help: 'the answer in one sentence' },
      observe: { help: 'what it costs and what changed in a line, no progress' },
      'fleet rank': { help: 'the answer in one line, no progress' },
      'fleet run': { help: 'the answer in one line, no progress' },
      'fleet merge': { help: 'the answer in one line' },
      'fleet verify': { help: 'the answer in one line, no progress' },
    },
  },
  color: {
    takes: { kind: 'switch' },
    default: true,
    help: 'no colour (NO_COLOR is honoured, too)',
    inFile: 'false: no colour (NO_COLOR is honoured, too)',
    forShell: true,
    on: {
      ...everyRun,
      apply: {},
      doctor: {},
      report: {},
      observe: {},
      'fleet rank': {},
      'fleet run': {},
      'fleet merge': {},
      'fleet apply': {},
      'fleet verify': {},
    },
  },
} as const satisfies Sheet;

const withFunctions = { help: 'options and "functions" from a file' };

/** Typed only: no key of the config file. */
export const typed = {
  resume: {
    value: 'run',
    takes: { kind: 'text' },
    help: 'go on with a run that was cut short: same options, nothing paid twice',
    on: { tune: { under: 'subject' } },
  },
  config: {
    value: 'file',
    takes: { kind: 'text' },
    help: 'options from a file',
    otherwise: 'tune.config.json, where it exists',
    completes: 'file',
    on: { ...everyRun, check: withFunctions, baseline: withFunctions, 'fleet run': withFunctions },
  },
  debug: {
    takes: { kind: 'switch' },
    help: 'tell of every call to AWS on stderr: what, how it ended, how long; never its content',
    on: recordOf(commandNames, () => ({})),
  },
  helpAll: {
    takes: { kind: 'switch' },
    help: 'all options, and the exit codes',
    common: true,
    on: { tune: {} },
  },
} as const satisfies Sheet;
