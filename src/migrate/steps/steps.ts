import { awsCliSteps } from './awsCliSteps.ts';
import type { MigrationPlan, MigrationStep } from './migrationPlan.ts';
import { cdkSteps, samSteps, serverlessSteps, terraformSteps } from './toolSteps.ts';

/**
 * The ways to make the switch, as lines to paste. All of them publish a version and shift an alias: the architecture is
 * changed with the code and layers with the configuration, two calls with one architecture's code on the other's layers
 * between them, which callers of $LATEST would meet.
 */
export function migrationSteps(plan: MigrationPlan): readonly MigrationStep[] {
  return [
    ...awsCliSteps(plan),
    ...samSteps(plan),
    ...serverlessSteps(plan),
    ...cdkSteps(plan),
    ...terraformSteps(plan),
  ];
}
