import { apply } from './commands/apply.ts';
import { baseline } from './commands/baseline.ts';
import { check } from './commands/check.ts';
import { cleanup } from './commands/cleanup.ts';
import type { CliCommand } from './commands/command.ts';
import { completion } from './commands/completion.ts';
import { doctor } from './commands/doctor.ts';
import { fleetApply } from './commands/fleet/apply.ts';
import { fleetEmit } from './commands/fleet/emit.ts';
import { fleetMerge } from './commands/fleet/merge.ts';
import { fleetRank } from './commands/fleet/rank.ts';
import { fleetRun } from './commands/fleet/run.ts';
import { fleetVerify } from './commands/fleet/verify.ts';
import { fleet } from './commands/fleet.ts';
import { local } from './commands/local.ts';
import { migrate } from './commands/migrate.ts';
import { observe } from './commands/observe.ts';
import { policy } from './commands/policy.ts';
import { report } from './commands/report.ts';
import { tune } from './commands/tune.ts';

/** Every command, `tune` without a word first, then in the order of its help; a group stands before its own. */
export const commandList: readonly [CliCommand, ...CliCommand[]] = [
  tune,
  check,
  baseline,
  migrate,
  apply,
  observe,
  fleet,
  fleetRank,
  fleetRun,
  fleetMerge,
  fleetEmit,
  fleetApply,
  fleetVerify,
  cleanup,
  policy,
  doctor,
  report,
  local,
  completion,
];
