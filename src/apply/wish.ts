import { currentConfiguration } from '../analysis/savedRun/marks.ts';
import type { Configuration } from '../model/configuration.ts';
import { findConfiguration, nameOf, ofVariant, sameVariant, variantOf } from '../model/configuration.ts';
import type { MigrationResult } from '../model/migration.ts';
import type { Preflight } from '../model/preflight.ts';
import type { TuningResult } from '../model/run.ts';
import type { PropertyChange } from './change.ts';
import { type Provisioning, provisionedChange, provisioningIn } from './provisioning.ts';

/** What a saved answer wants of the file that defines the function. */
export interface Wish {
  readonly subject: SoughtFunction;
  readonly to: Configuration;
  /** What the answer changes, each in the words of the Lambda API. */
  readonly changes: readonly PropertyChange[];
  /** What it changes besides, which is more than one literal. */
  readonly byHand: readonly string[];
  /** Of an answer at the user's traffic. */
  readonly provisioning?: Provisioning | undefined;
  /** Of the preflight of a migration or a variant: what stands in the way of the package of today. */
  readonly findings: Preflight['findings'];
  readonly isImage: boolean;
  readonly region?: string | undefined;
  /** Words that the reader should know of where the answer comes from. */
  readonly notes: readonly string[];
}

/** What is known of the function that was measured, to find it. */
export interface SoughtFunction {
  readonly functionName: string;
  readonly stackName?: string | undefined;
  readonly logicalId?: string | undefined;
  readonly constructPath?: string | undefined;
  readonly handler?: string | undefined;
  /** Of a path target: where its code may lie, as seen from the root of the repository. */
  readonly paths?: readonly string[] | undefined;
  /** Of a function that was measured as a template defines it: which one, and where the template may lie. */
  readonly template?: { readonly files: readonly string[]; readonly function: string } | undefined;
}

export type WishOrNot =
  | { readonly kind: 'wish'; readonly wish: Wish }
  | {
      readonly kind: 'stay';
      readonly configuration: Configuration;
      readonly functionName: string;
      /** What the traffic says besides: how many environments to provision. */
      readonly besides?: Wish | undefined;
    }
  | { readonly kind: 'none'; readonly why: string; readonly hint: string };

const measureFirst = 'Measure it first: tune --function … --report json=run.json';

/** `variant`: in place of the answer's own, at the size and architecture of the answer. */
export function wishOfRun(run: TuningResult, variant: string | undefined): WishOrNot {
  const { answer } = run;
  if (answer.kind === 'unanswered') {
    return { kind: 'none', why: 'The saved run has no answer that could be applied.', hint: measureFirst };
  }
  const asked = variant === undefined ? undefined : askedFor(run, answer.configuration, variant);
  if (variant !== undefined && asked === undefined) {
    const named = [...new Set(run.configurations.map(variantOf))];
    return {
      kind: 'none',
      why: `The run did not measure the variant "${variant}" at ${nameOf(ofVariant(answer.configuration))}.`,
      hint: `Variants of the run: ${named.join(', ')}`,
    };
  }
  if (answer.kind === 'stay' && asked === undefined) {
    const { configuration } = answer;
    const besides = provisioningIn(run, configuration) && wishAt(run, configuration, []);
    return { kind: 'stay', configuration, functionName: run.target.functionName, besides };
  }
  const to = asked ?? answer.configuration;
  const isOwnWish = asked !== undefined && !sameVariant(asked, answer.configuration);
  const notes = isOwnWish ? ['The variant was asked for with --variant: the answer of the run is another one.'] : [];
  return { kind: 'wish', wish: wishAt(run, to, notes) };
}

function wishAt(run: TuningResult, to: Configuration, notes: readonly string[]): Wish {
  const { changes, byHand } = changesTo(to, currentConfiguration(run), run.target.runtime);
  const provisioning = provisioningIn(run, to);
  return {
    subject: subjectOf(run),
    to,
    changes: [...changes, ...provisionedChange(provisioning)],
    byHand,
    provisioning,
    findings:
      run.preflights?.find(({ wanted, variant }) => wanted === to.architecture && variant === variantOf(to))
        ?.findings ?? [],
    isImage: run.target.packageType === 'Image',
    region: run.target.region,
    notes: [...(run.backend === 'local' ? ['The answer was measured on this machine, not on Lambda.'] : []), ...notes],
  };
}

export function wishOfMigration(migration: MigrationResult): WishOrNot {
  const { verdict, current, preflight, run } = migration;
  switch (verdict.kind) {
    case 'undecided':
      return {
        kind: 'none',
        why: 'The migration came to no verdict that could be applied.',
        hint: 'Its table says what is missing: tune report migration.json',
      };
    case 'cannot':
      return {
        kind: 'none',
        why: `The function cannot move to ${preflight.wanted}: there is no build for it that works.`,
        hint:
          preflight.findings.find(({ blocking }) => blocking)?.cure ?? 'Its table says why: tune report migration.json',
      };
    case 'stay':
      return { kind: 'stay', configuration: verdict.configuration, functionName: migration.function };
    case 'move': {
      const provisioning = run && provisioningIn(run, verdict.configuration);
      const { changes, byHand } = changesTo(verdict.configuration, current, run?.target.runtime);
      return {
        kind: 'wish',
        wish: {
          subject: run === undefined ? { functionName: functionNameOf(migration.function) } : subjectOf(run),
          to: verdict.configuration,
          changes: [...changes, ...provisionedChange(provisioning)],
          byHand,
          provisioning,
          findings: preflight.findings,
          isImage: run?.target.packageType === 'Image',
          region: run?.target.region,
          notes: [],
        },
      };
    }
  }
}

function askedFor(
  run: TuningResult,
  { memoryMb, architecture }: Configuration,
  name: string,
): Configuration | undefined {
  const measured = run.configurations.filter(({ status }) => status === 'measured');
  const one = measured.find((one) => variantOf(one) === name);
  return one && findConfiguration(measured, { memoryMb, architecture, variant: one.variant });
}

/** A name, `name:qualifier` or an ARN. */
function functionNameOf(given: string): string {
  return /function:([^:]+)/.exec(given)?.[1] ?? given.split(':')[0] ?? given;
}

function subjectOf({ target }: TuningResult): SoughtFunction {
  const { stackName, logicalId, handler } = target.definition ?? {};
  const { functionName, template, path } = target;
  if (template !== undefined) {
    const named = { files: [template.file], function: template.function };
    // What a build leaves is a template, too, with the ids of the one that people write.
    return { functionName, stackName, logicalId: logicalId ?? template.function, handler, template: named };
  }
  return { functionName, stackName, logicalId, handler, paths: path === undefined ? undefined : [path] };
}

function changesTo(
  to: Configuration,
  from: Configuration | undefined,
  runtime: string | undefined,
): Pick<Wish, 'changes' | 'byHand'> {
  const { runtime: newRuntime, snapStart, layers, environment, code, logLevel } = to.variant?.changes ?? {};
  const changes: readonly (PropertyChange | undefined)[] = [
    from?.memoryMb === to.memoryMb
      ? undefined
      : { property: 'memoryMb', value: String(to.memoryMb), measured: from && String(from.memoryMb) },
    from?.architecture === to.architecture
      ? undefined
      : { property: 'architecture', value: to.architecture, measured: from?.architecture },
    newRuntime === undefined ? undefined : { property: 'runtime', value: newRuntime, measured: runtime },
    snapStart === undefined ? undefined : { property: 'snapStart', value: snapStart },
    logLevel === undefined ? undefined : { property: 'logLevel', value: logLevel },
  ];
  const byHand = [
    ...(layers === undefined ? [] : [`layers: ${layers.length === 0 ? 'none' : layers.join(', ')}`]),
    // Values may be secrets, and are not all saved.
    ...Object.keys(environment ?? {}).map((name) => `environment variable ${name}: the value that was measured`),
    ...(code === undefined ? [] : [`code: the build that was measured, ${code}`]),
  ];
  return { changes: changes.filter((change) => change !== undefined), byHand };
}
