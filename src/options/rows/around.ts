import { everyRun } from './commands.ts';
import type { Sheet } from './row.ts';

const named = 'a function (name or ARN) or a command (./script.sh, cmd:…)';

/** What happens around the calls. */
export const around = {
  before: {
    value: 'hook',
    takes: { kind: 'text' },
    help: `before each call, with its payload: ${named}; its answer, if any, is what is sent`,
    inFleet: true,
    on: { ...everyRun, policy: { help: 'this function is called before each call' } },
  },
  after: {
    value: 'hook',
    takes: { kind: 'text' },
    help: 'after each call, with its answer: a function or a command',
    inFleet: true,
    on: { ...everyRun, policy: { help: 'this function is called after each call' } },
  },
  beforeRun: {
    value: 'hook',
    takes: { kind: 'text' },
    help: 'once, before anything is created: a function or a command',
    on: { ...everyRun, policy: { help: 'this function is called before the run' } },
  },
  afterRun: {
    value: 'hook',
    takes: { kind: 'text' },
    help: 'once, when everything is removed, also if the run failed: a function or a command',
    on: { ...everyRun, policy: { help: 'this function is called after the run' } },
  },
  pause: {
    value: 'time',
    takes: { kind: 'pauseMs' },
    help: 'wait so long between two calls of an environment: 200ms, 1.5s',
    on: everyRun,
  },
  maxRate: {
    value: 'rate',
    takes: { kind: 'rate' },
    help: 'calls a second at most, all configurations together: 5/s, 30/m',
    on: everyRun,
  },
} as const satisfies Sheet;
