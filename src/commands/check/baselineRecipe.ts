import type { SideSize } from '../../check/extend.ts';
import type { Configuration } from '../../model/configuration.ts';
import { isDefault } from '../../options/defaults.ts';
import type { RunOptions } from '../../options/options.ts';
import { hookFlags, hookKeys, isTypedHook } from '../../plan/hooks.ts';
import { isGivenByHand } from '../../plan/payloads/source.ts';
import { formatNumberOf, shareOption } from '../../text/format.ts';
import { shellQuote } from '../../text/shellQuote.ts';

/** The command that makes a baseline for this check, as it is typed. Payloads and values of the environment are never in it. */
export function baselineRecipe(
  options: RunOptions & { readonly function: string },
  file: string,
  at: Partial<Configuration> = {},
  size: Partial<SideSize> = {},
): string {
  const memory = at.memoryMb ?? options.memory;
  const architecture = at.architecture ?? options.architecture?.join(',');
  const { payload } = options;
  const isNamed = payload !== undefined && !isGivenByHand(payload);
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ['--function', options.function],
    ['--memory', memory],
    ['--architecture', architecture],
    ['--invocations', size.samples],
    ['--concurrency', size.environments],
    ['--payload', isNamed ? payload : undefined],
    ['--payloads', options.payloads === '-' ? undefined : options.payloads],
    ...options.allowError.map((type) => ['--allow-error', type] as const),
    ['--before', shownHook(options.before)],
    ['--after', shownHook(options.after)],
    ['--before-run', shownHook(options.beforeRun)],
    ['--after-run', shownHook(options.afterRun)],
    ['--pause', options.pause === undefined ? undefined : `${options.pause}ms`],
    ['--max-rate', options.maxRate === undefined ? undefined : `${Number((60 * options.maxRate).toFixed(3))}/m`],
    ['--max-cost-increase', percentOption(unlessDefault('maxCostIncrease', options.maxCostIncrease))],
    ['--max-duration-increase', percentOption(options.maxDurationIncrease)],
    ['--max-p95-increase', percentOption(options.maxP95Increase)],
    ['--max-init-increase', percentOption(options.maxInitIncrease)],
    ['--max-invocations', unlessDefault('maxInvocations', options.maxInvocations)],
    ['--runtime', options.runtime],
    ['--handler', options.handler],
    ['--timeout', options.timeout],
    ...(options.layer ?? []).map((layer) => ['--layer', layer] as const),
    ['--region', options.region],
    ['--profile', options.profile],
    ['--assume-role', options.assumeRole],
    ['--external-id', options.externalId],
    ['--role-session-name', options.roleSessionName],
    ['--endpoint-url', options.endpointUrl],
    ['--report', `json=${file === '-' ? 'base.json' : file}`],
  ];
  const words = flags.flatMap(([name, given]) => (given === undefined ? [] : [name, shellQuote(String(given))]));
  const switches = [
    ...(options.payloadTemplate ? ['--payload-template'] : []),
    ...(options.stream ? ['--stream'] : []),
  ];
  const command = ['tune', 'baseline', ...words, ...switches].join(' ');
  return `${command}${givenAgain(options)}`;
}

function shownHook(hook: string | undefined): string | undefined {
  return hook === undefined || isTypedHook(hook) ? undefined : hook;
}

/** What has to be given again, because the command does not show it; '' where there is nothing. */
function givenAgain(options: RunOptions): string {
  const { payload, env, parameter } = options;
  const names = [
    ...hookKeys.filter((key) => isTypedHook(options[key] ?? '')).map((key) => hookFlags[key]),
    ...(payload !== undefined && isGivenByHand(payload) ? ['--payload'] : []),
    ...(options.payloads === '-' ? ['--payloads'] : []),
    ...(Object.keys(env).length === 0 ? [] : ['--env']),
    ...(Object.keys(parameter).length === 0 ? [] : ['--parameter']),
  ];
  return names.length === 0 ? '' : ` (and the same ${names.join(' and ')})`;
}

export function sizeText({ samples, environments }: SideSize): string {
  return `${formatNumberOf(samples, 'warm call')} in ${formatNumberOf(environments, 'environment')}`;
}

/** What stands without being said need not be typed. */
function unlessDefault(key: 'maxCostIncrease' | 'maxInvocations', value: number): number | undefined {
  return isDefault(key, value, 'baseline') ? undefined : value;
}

function percentOption(share: number | undefined): string | undefined {
  return share === undefined ? undefined : shareOption(share);
}
