import { imageUriOf, layerArnsOf } from '../../aws/target/packages.ts';
import { wantedSteps } from '../../migrate/steps/deployedBy.ts';
import type { MigrationStep } from '../../migrate/steps/migrationPlan.ts';
import { migrationSteps } from '../../migrate/steps/steps.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { MigrationVerdict } from '../../model/verdict.ts';
import type { RunOptions } from '../../options/options.ts';
import { stagedPlace } from '../shared/overlays.ts';
import type { Session } from '../shared/session.ts';

/** The lines that make the move which was judged; none where the verdict is another one. */
export function migrationStepsOf(
  session: Session,
  options: RunOptions,
  verdict: MigrationVerdict,
): readonly MigrationStep[] {
  if (verdict.kind !== 'move') return [];
  const { facts, builds, source } = session;
  const to = verdict.configuration;
  const newLayers = builds[to.architecture].layers;
  const steps = migrationSteps({
    functionName: facts.functionName,
    region: facts.region,
    qualifier: facts.qualifier,
    from: { architecture: facts.architecture, memoryMb: facts.memoryMb },
    to,
    code: codeOf(session, to.architecture, options),
    newLayers,
    oldLayers: layerArnsOf(session),
    provisionedConcurrency: facts.provisionedConcurrency,
  });
  return wantedSteps(steps, options.steps, source.reveal().tags);
}

function codeOf(session: Session, to: Architecture, options: RunOptions): Parameters<typeof migrationSteps>[0]['code'] {
  if (session.facts.packageType === 'Image') {
    return { kind: 'image', uri: session.builds[to].imageUri ?? imageUriOf(session) ?? 'IMAGE_URI' };
  }
  const given = to === 'arm64' ? options.arm64Code : options.x86Code;
  const place = given === undefined ? undefined : stagedPlace(given);
  if (place !== undefined) return { kind: 's3', ...place };
  // What was measured: the function's own package where no other build is needed.
  return { kind: 'zip', path: given?.endsWith('.zip') ? given : `function-${to}.zip` };
}
