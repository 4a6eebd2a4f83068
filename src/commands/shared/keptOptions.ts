import type { GivenOptions } from '../../options/schema.ts';
import { hookFlags, hookKeys, isTypedHook } from '../../plan/hooks.ts';
import { isGivenByHand } from '../../plan/payloads/source.ts';

/** The options that a run was given, as far as they may be kept in a file: never values of variables, payloads or passwords. */
export function keptOptions(
  options: GivenOptions,
  seed: number,
): { readonly kept: Readonly<Record<string, unknown>>; readonly omitted: readonly string[] } {
  const {
    // Of this one run, or said anew each time
    $schema: _schema,
    runId: _runId,
    continue: _continue,
    yes: _yes,
    dryRun: _dryRun,
    env,
    parameter,
    payload,
    payloads,
    endpointUrl,
    vary = [],
    ...others
  } = options;
  const typedHooks = hookKeys.filter((key) => isTypedHook(others[key] ?? ''));
  const kept = { ...others, ...Object.fromEntries(typedHooks.map((key) => [key, undefined])) };
  const given = { '--env': env, '--parameter': parameter };
  const names = Object.entries(given).flatMap(([flag, pairs]) =>
    Object.keys(pairs ?? {}).map((name) => `${flag} ${name}`),
  );
  const hasSecretUrl = endpointUrl !== undefined && new URL(endpointUrl).password !== '';
  const variesVariables = vary.some((text) => text.startsWith('env:'));
  const isTyped = payload !== undefined && isGivenByHand(payload);
  const isPipedList = payloads === '-';
  return {
    kept: {
      seed,
      ...kept,
      vary: variesVariables ? undefined : vary,
      payload: isTyped ? undefined : payload,
      payloads: isPipedList ? undefined : payloads,
      endpointUrl: hasSecretUrl ? undefined : endpointUrl,
    },
    omitted: [
      ...names.map((name) => `${name}=…`),
      ...(variesVariables ? vary.map(withoutValues) : []),
      ...(isTyped ? ['--payload …'] : []),
      ...(isPipedList ? ['--payloads …'] : []),
      ...typedHooks.map((key) => `${hookFlags[key]} …`),
      ...(hasSecretUrl ? ['--endpoint-url …'] : []),
    ],
  };
}

/** All or none: their order is that of the rows. */
function withoutValues(text: string): string {
  return text.startsWith('env:') ? `--vary ${text.slice(0, text.indexOf('=') + 1)}…` : `--vary ${text}`;
}

/** Whether what a record left out was said again. */
export function isGiven(omitted: string, options: GivenOptions): boolean {
  const { env, parameter, payload, payloads, endpointUrl } = options;
  const [, flag, name] = /^--(env|parameter) (.+)=…$/.exec(omitted) ?? [];
  if (name !== undefined) return Object.hasOwn((flag === 'env' ? env : parameter) ?? {}, name);
  // Their order is that of the rows: all are given again, or none.
  if (omitted.startsWith('--vary ')) return options.vary !== undefined;
  const hook = hookKeys.find((key) => omitted.startsWith(`${hookFlags[key]} `));
  if (hook !== undefined) return options[hook] !== undefined;
  if (omitted.startsWith('--payloads')) return payloads !== undefined;
  return omitted.startsWith('--payload') ? payload !== undefined : endpointUrl !== undefined;
}
