import { atTraffic } from '../advice/atTraffic.ts';
import { present } from '../base/present.ts';
import type { MigrationResult } from '../model/migration.ts';
import type { TrafficQuestion } from '../traffic/question.ts';
import { migrationDocument } from './document.ts';
import { judgeMigration } from './judgeMigration.ts';

/** A saved migration with bills at a traffic. The verdict is of single calls and stays; what a move saves a month follows the bills. */
export function migrationAtTraffic(saved: MigrationResult, question: TrafficQuestion): MigrationResult {
  if (saved.run === undefined) return saved;
  const run = atTraffic(saved.run, question);
  const { savings } = judgeMigration({
    ...saved,
    run,
    require: saved.required?.require,
    maxSlowdown: saved.required?.maxSlowdown,
  });
  const { projection, ...rest } = saved;
  return migrationDocument({ ...rest, ...present({ projection }), run, savings });
}
