import { currentConfiguration } from '../analysis/savedRun/marks.ts';
import { type Configuration, sameConfiguration } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';
import { type SettingChanges, settingLines } from './settingSyntax.ts';

/** How to put a choice into effect. Printed, never run. */
export interface ApplySteps {
  /** Argument vectors of the AWS CLI, in order; empty for a path, which has no deployed function. */
  readonly commands: readonly (readonly string[])[];
  readonly settings: readonly { readonly tool: 'SAM' | 'Terraform'; readonly lines: readonly string[] }[];
  /** Shown with the commands: the code must be handed over anew, built for this architecture. */
  readonly needsCodeFor?: Configuration['architecture'] | undefined;
  /** What of the variant no line here changes: values and packages are not repeated. */
  readonly byHand: readonly ('layers' | 'environment' | 'code')[];
  /** The target is this version or alias, and the commands change $LATEST only. */
  readonly qualifier?: string | undefined;
}

/** Undefined when the pick is what the target has already. */
export function applySteps(result: TuningResult, pick: Configuration): ApplySteps | undefined {
  const current = currentConfiguration(result);
  if (current && sameConfiguration(current, pick)) return undefined;
  const changes = {
    memory: current?.memoryMb !== pick.memoryMb,
    architecture: current?.architecture !== pick.architecture,
    variant: pick.variant?.changes,
  };
  const commands = current && result.backend === 'aws' ? awsCommands(result, pick, changes) : [];
  return {
    commands,
    settings: (['SAM', 'Terraform'] as const).map((tool) => ({ tool, lines: settingLines(tool, pick, changes) })),
    needsCodeFor: changes.architecture && commands.length > 0 ? pick.architecture : undefined,
    byHand: (['layers', 'environment', 'code'] as const).filter((key) => pick.variant?.changes[key] !== undefined),
    qualifier: result.target.qualifier !== '$LATEST' && commands.length > 0 ? result.target.qualifier : undefined,
  };
}

/**
 * The architecture can only be changed together with the code (UpdateFunctionConfiguration has no such member), and while
 * one update is in progress the next is refused with ResourceConflictException; so there is a wait between the two.
 */
function awsCommands(
  result: TuningResult,
  pick: Configuration,
  changes: SettingChanges,
): readonly (readonly string[])[] {
  const { functionName, region, packageType } = result.target;
  const target = ['--function-name', functionName, ...(region === undefined ? [] : ['--region', region])];
  const code =
    packageType === 'Image'
      ? ['--image-uri', 'IMAGE_URI']
      : ['--zip-file', `fileb://function-${pick.architecture}.zip`];
  const updateCode = [
    ['aws', 'lambda', 'update-function-code', ...target, '--architectures', pick.architecture, ...code],
  ];
  const wait = [['aws', 'lambda', 'wait', 'function-updated-v2', ...target]];
  const settings = settingArguments(pick, changes);
  const updateSettings = [['aws', 'lambda', 'update-function-configuration', ...target, ...settings]];
  return [
    ...(changes.architecture ? updateCode : []),
    ...(changes.architecture && settings.length > 0 ? wait : []),
    ...(settings.length > 0 ? updateSettings : []),
  ];
}

function settingArguments({ memoryMb }: Configuration, { memory, variant = {} }: SettingChanges): readonly string[] {
  const { runtime, snapStart, logLevel } = variant;
  return [
    ...(memory ? ['--memory-size', String(memoryMb)] : []),
    ...(runtime === undefined ? [] : ['--runtime', runtime]),
    ...(snapStart === undefined
      ? []
      : ['--snap-start', `ApplyOn=${snapStart === 'on' ? 'PublishedVersions' : 'None'}`]),
    ...(logLevel === undefined ? [] : ['--logging-config', `LogFormat=JSON,ApplicationLogLevel=${logLevel}`]),
  ];
}
