import { TuneError } from '../base/errors.ts';
import { currentOne, type Overlay, type Variant, type VariantChanges, variantName } from '../model/variant.ts';
import type { AskedChange, NamedChanges, VariedDimension } from './variation.ts';

/** What a function has today, as far as it can be varied. Values of variables are secret. */
export interface Settings {
  readonly runtime?: string | undefined;
  readonly snapStart: boolean;
  /** ARNs. */
  readonly layers: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logLevel?: string | undefined;
  /** Absent: the function's own. */
  readonly codePath?: string | undefined;
}

/** A variant with what its copies get. `codePath` is still to be read. */
export interface PlannedVariant {
  readonly variant: Variant;
  readonly overlay: Overlay;
  readonly codePath?: string | undefined;
}

const mostLayers = 5;

/**
 * The product of all axes, what the function has today first. What comes out the same is one variant, and what comes out as
 * the function is today is `current`.
 * @throws TuneError USAGE for a layer that is to be added and is named without its ARN, or more than five layers
 */
export function variantsOf(axes: readonly VariedDimension[], today: Settings): readonly PlannedVariant[] {
  const known = new Map<string, PlannedVariant>();
  for (const combination of product(axes)) {
    let settings = today;
    const labels: string[] = [];
    for (const { change, number } of combination) {
      const changed = 'changes' in change ? change.changes.reduce(applied, settings) : applied(settings, change);
      if (JSON.stringify(changed) !== JSON.stringify(settings)) labels.push(labelOf(change, number));
      settings = changed;
    }
    const planned = plannedOf(settings, today, nameAmong(labels, [...known.values()]));
    const key = JSON.stringify([planned.overlay, planned.codePath]);
    if (!known.has(key)) known.set(key, planned);
  }
  return [...known.values()];
}

/** The same axes, in which code is named by the first place that holds it, and that of the function itself is no change. */
export function withoutOwnCode(
  axes: readonly VariedDimension[],
  placeOf: (path: string) => string | undefined,
): readonly VariedDimension[] {
  const known = (change: AskedChange): readonly AskedChange[] => {
    if (change.kind !== 'code') return [change];
    const path = placeOf(change.path);
    return path === undefined ? [] : [{ ...change, path }];
  };
  return axes.map((axis) =>
    axis.flatMap(
      (one): VariedDimension => ('changes' in one ? [{ ...one, changes: one.changes.flatMap(known) }] : known(one)),
    ),
  );
}

/** What cannot be shown of two values may be what tells them apart. */
function nameAmong(labels: readonly string[], others: readonly PlannedVariant[]): string {
  const name = variantName(labels.join(', '));
  const isTaken = (text: string) => others.some(({ variant }) => variant.name === text);
  for (let number = 2; ; number += 1) {
    if (!isTaken(name)) return name;
    const numbered = `${name.slice(0, 190)} (${number})`;
    if (!isTaken(numbered)) return numbered;
  }
}

interface Chosen {
  readonly change: AskedChange | NamedChanges;
  /** Its place on its axis, from 1. */
  readonly number: number;
}

/** Today's first on every axis. */
function product(axes: readonly VariedDimension[]): readonly (readonly Chosen[])[] {
  return axes.reduce<readonly (readonly Chosen[])[]>(
    (before, axis) =>
      before.flatMap((chosen) => [chosen, ...axis.map((change, index) => [...chosen, { change, number: index + 1 }])]),
    [[]],
  );
}

function applied(settings: Settings, change: AskedChange): Settings {
  switch (change.kind) {
    case 'runtime':
      return { ...settings, runtime: change.runtime };
    case 'snapStart':
      return { ...settings, snapStart: change.snapStart === 'on' };
    case 'layers':
      return { ...settings, layers: fewEnough(change.layers) };
    case 'layer':
      return { ...settings, layers: fewEnough(withLayer(settings.layers, change)) };
    case 'environment':
      return { ...settings, environment: { ...settings.environment, [change.name]: change.value } };
    case 'code':
      return { ...settings, codePath: change.path };
    case 'logLevel':
      return { ...settings, logLevel: change.logLevel };
  }
}

function withLayer(
  layers: readonly string[],
  { layer, is }: Extract<AskedChange, { kind: 'layer' }>,
): readonly string[] {
  const others = layers.filter((arn) => !isLayer(arn, layer));
  if (is === 'without') return others;
  if (others.length < layers.length) return layers;
  if (!layer.startsWith('arn:')) {
    throw new TuneError('USAGE', `The function has no layer ${layer}, and which version of it is meant is not said.`, {
      hint: `Give the ARN of its version: --vary layer:arn:aws:lambda:<region>:<account>:layer:${layer}:<version>=with,without`,
    });
  }
  return [...layers, layer];
}

/** By its ARN, its ARN without the version, or its name. */
function isLayer(arn: string, layer: string): boolean {
  const withoutVersion = arn.replace(/:\d+$/, '');
  return arn === layer || withoutVersion === layer || withoutVersion.split(':').at(-1) === layer;
}

function fewEnough(layers: readonly string[]): readonly string[] {
  if (layers.length <= mostLayers) return layers;
  throw new TuneError('USAGE', `${layers.length} layers are more than the ${mostLayers} that Lambda takes.`, {
    hint: 'Name what is to be left out with --vary "layers=<arns>|<arns>".',
  });
}

function plannedOf(settings: Settings, today: Settings, name: string): PlannedVariant {
  const runtime = settings.runtime === today.runtime ? undefined : settings.runtime;
  const snapStart = settings.snapStart === today.snapStart ? undefined : settings.snapStart ? 'on' : 'off';
  const layers = sameList(settings.layers, today.layers) ? undefined : settings.layers;
  const changed = Object.entries(settings.environment).filter(([key, value]) => today.environment[key] !== value);
  const environment = changed.length === 0 ? undefined : Object.fromEntries(changed);
  const logLevel = settings.logLevel === today.logLevel ? undefined : (settings.logLevel as VariantChanges['logLevel']);
  const { codePath } = settings;
  const overlay: Overlay = withoutAbsent({ runtime, snapStart, layers, environment, logLevel });
  if (Object.keys(overlay).length === 0 && codePath === undefined) return { variant: currentOne, overlay };
  const shown = changed.map(([key, value]) => [key, isSecret(key, value) ? null : value] as const);
  const changes: VariantChanges = withoutAbsent({
    ...overlay,
    environment: environment && Object.fromEntries(shown),
    code: codePath,
  });
  return { variant: { name, changes }, overlay, codePath };
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function withoutAbsent<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function labelOf(change: AskedChange | NamedChanges, number: number): string {
  if ('changes' in change) return change.name;
  switch (change.kind) {
    case 'runtime':
      return change.runtime;
    case 'snapStart':
      return `SnapStart ${change.snapStart}`;
    case 'layer':
      return `${change.is} ${layerName(change.layer)}`;
    case 'layers':
      return change.layers.length === 0 ? 'no layers' : `layers ${change.layers.map(layerName).join(' + ')}`;
    case 'environment':
      return isSecret(change.name, change.value) ? `${change.name}=… (${number})` : `${change.name}=${change.value}`;
    case 'code':
      return change.path;
    case 'logLevel':
      return `log level ${change.logLevel}`;
  }
}

/** "insights:38" of an ARN. */
function layerName(layer: string): string {
  return layer.startsWith('arn:') ? layer.split(':').slice(6).join(':') : layer;
}

const secretName = /secret|token|passw|pwd|key|credential|auth|cert|private|dsn|connection|url|uri/i;
const longestShown = 60;

/**
 * What was typed to be compared is shown, or nobody could tell the rows apart; but for what may be a secret, by its name or
 * because it looks like no setting.
 */
function isSecret(name: string, value: string): boolean {
  return secretName.test(name) || value.length > longestShown || /:\/\/|^[A-Za-z0-9+/_=-]{24,}$/.test(value);
}
