import type { RunOptions } from '../config/options.ts';
import { wantedSteps } from '../domain/migrate/deployedBy.ts';
import type { Step } from '../domain/migrate/migrationPlan.ts';
import { migrationSteps } from '../domain/migrate/steps.ts';
import type { Verdict } from '../domain/migrate/verdict.ts';
import type { Architecture } from '../domain/model.ts';
import { imageUriOf, layerArnsOf } from '../lambda/packages.ts';
import { stagedPlace } from './builds.ts';
import type { Session } from './session.ts';

/** The lines that make the move which was judged; none where the verdict is another one. */
export function stepsOf(session: Session, options: RunOptions, verdict: Verdict): readonly Step[] {
  if (verdict.kind !== 'move') return [];
  const { facts, builds, source } = session;
  const to = verdict.configuration;
  const newLayers = builds.layers[to.architecture];
  const steps = migrationSteps({
    functionName: facts.functionName,
    region: facts.region,
    qualifier: facts.qualifier,
    from: { architecture: facts.architecture, memoryMb: facts.memoryMb },
    to,
    code: codeOf(session, to.architecture, options),
    ...(newLayers === undefined ? {} : { newLayers }),
    oldLayers: layerArnsOf(session),
    ...(facts.provisionedConcurrency === undefined ? {} : { provisionedConcurrency: facts.provisionedConcurrency }),
  });
  return wantedSteps(steps, options.steps, source.reveal().tags);
}

function codeOf(session: Session, to: Architecture, options: RunOptions): Parameters<typeof migrationSteps>[0]['code'] {
  const image = to === 'arm64' ? options.arm64Image : options.x86Image;
  if (session.facts.packageType === 'Image') {
    return { kind: 'image', uri: image ?? imageUriOf(session) ?? 'IMAGE_URI' };
  }
  const given = to === 'arm64' ? options.arm64Code : options.x86Code;
  const place = given === undefined ? undefined : stagedPlace(given);
  if (place !== undefined) return { kind: 's3', ...place };
  // What was measured: the function's own package where no other build is needed.
  return { kind: 'zip', path: given?.endsWith('.zip') ? given : `function-${to}.zip` };
}
