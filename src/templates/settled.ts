import { TuneError } from '../base/errors.ts';
import type { Architecture } from '../model/configuration.ts';
import type { BundleRequest, CodePlace, FunctionDefinition, LayerPlace } from './definition.ts';
import type { FunctionUrlDefinition } from './functionUrl.ts';
import { type Given, isUnresolved, type Unresolved } from './value.ts';

/** Options that go before what a template says. */
export interface Overrides {
  readonly runtime?: string | undefined;
  readonly handler?: string | undefined;
  readonly timeoutS?: number | undefined;
  readonly memoryMb?: number | undefined;
  readonly environmentNames: readonly string[];
  /** Layers were given: the template's are not used. */
  readonly hasLayers: boolean;
}

/** A function of a template of which everything is known. */
export interface SettledFunction {
  readonly code: CodePlace;
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly architecture: Architecture;
  readonly ephemeralStorageMb: number | undefined;
  readonly snapStart: boolean;
  readonly logging: SettledLogging | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly layers: readonly (LayerPlace & { readonly kind: 'path' })[];
  readonly functionUrl: FunctionUrlDefinition | undefined;
  readonly unbuilt: readonly string[];
  readonly bundle: BundleRequest | undefined;
}

interface SettledLogging {
  readonly format: 'JSON' | 'Text';
  readonly applicationLevel: string | undefined;
  readonly systemLevel: string | undefined;
}

interface Missing {
  readonly what: string;
  readonly cure: string;
}

/**
 * What the template says under what options say. Nothing is guessed: all that is not known is listed at once, each with the
 * option that gives it. @throws TuneError USAGE
 */
export function settledFunction(definition: FunctionDefinition, name: string, given: Overrides): SettledFunction {
  if (definition.isImage) {
    throw new TuneError('CODE', `${name} is a container image, which cannot be run here.`, {
      hint: 'Deploy it and give its name: tune --function <name>',
    });
  }
  const missing: Missing[] = [];
  const miss = (what: string, { reference }: Unresolved, cure: string) => {
    missing.push({ what: `${what} is ${reference}`, cure });
  };
  const known = <T>(
    value: Given<T> | undefined,
    what: string,
    cure: (unknown: Unresolved) => string,
  ): T | undefined => {
    if (!isUnresolved(value)) return value;
    miss(what, value, cure(value));
    return undefined;
  };
  const byParameter = ({ parameter }: Unresolved) =>
    parameter === undefined ? 'write the value into the template' : `give it by --parameter ${parameter}=…`;
  const required = (value: Given<string> | undefined, what: string, flag: string): string => {
    if (value === undefined) missing.push({ what: `${what} is not in the template`, cure: `give it by ${flag} …` });
    return known(value, what, () => `give it by ${flag} …`) ?? '';
  };
  const { logging } = definition;
  const settled = {
    code: known(definition.code, 'its code', codeCure) ?? { kind: 'path' as const, path: '.' },
    runtime: required(given.runtime ?? definition.runtime, 'the runtime', '--runtime'),
    handler: required(given.handler ?? definition.handler, 'the handler', '--handler'),
    memoryMb: known(given.memoryMb ?? definition.memoryMb, 'the memory size', byParameter) ?? 0,
    timeoutS: known(given.timeoutS ?? definition.timeoutS, 'the timeout', () => 'give it by --timeout …') ?? 0,
    architecture: known(definition.architecture, 'the architecture', byParameter) ?? 'x86_64',
    ephemeralStorageMb: known(definition.ephemeralStorageMb, 'the size of /tmp', byParameter),
    snapStart: known(definition.snapStart, 'SnapStart', byParameter) ?? false,
    logging: logging && {
      format: known(logging.format, 'the log format', byParameter) ?? 'Text',
      applicationLevel: known(logging.applicationLevel, 'the application log level', byParameter),
      systemLevel: known(logging.systemLevel, 'the system log level', byParameter),
    },
    environment: environmentOf(definition, given, known, byParameter),
    layers: given.hasLayers ? [] : layersOf(definition, known, missing, byParameter),
    functionUrl: definition.functionUrl,
    unbuilt: definition.unbuilt,
    bundle: definition.bundle,
  };
  if (missing.length === 0) return settled;
  throw notTold(name, missing);
}

function notTold(name: string, missing: readonly Missing[]): TuneError {
  const [first, ...others] = missing;
  if (first !== undefined && others.length === 0) {
    const { what, cure } = first;
    return new TuneError('USAGE', `${name}: ${what}.`, { hint: `${cure.charAt(0).toUpperCase()}${cure.slice(1)}` });
  }
  return new TuneError('USAGE', `${name}: ${missing.length} things are not told by the template alone.`, {
    items: missing.map(({ what, cure }) => `${what}: ${cure}`),
    hint: 'What is given by options goes before what the template says.',
  });
}

type Known = <T>(value: Given<T> | undefined, what: string, cure: (unknown: Unresolved) => string) => T | undefined;

/** Values are never shown: not even where a part of one is known. */
function environmentOf(
  { environment }: FunctionDefinition,
  { environmentNames }: Overrides,
  known: Known,
  byParameter: (unknown: Unresolved) => string,
): Readonly<Record<string, string>> {
  const variables = known(environment, 'the environment', byParameter) ?? {};
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => {
      if (environmentNames.includes(name)) return [];
      const text = known(value, name, ({ parameter }) => {
        // Often only a part of the value is not known.
        const part = parameter === undefined ? '' : ` or --parameter ${parameter}=…`;
        return `give it by --env ${name}=…${part}`;
      });
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function layersOf(
  definition: FunctionDefinition,
  known: Known,
  missing: Missing[],
  byParameter: (unknown: Unresolved) => string,
): SettledFunction['layers'] {
  const layers = known(definition.layers, 'the list of layers', byParameter) ?? [];
  const cure = 'give all layers by --layer <folder or zip>, or --layer none';
  return layers.flatMap((one, index) => {
    const layer = known(one, `layer ${index + 1}`, () => cure);
    if (layer?.kind !== 'arn') return layer === undefined ? [] : [layer];
    missing.push({ what: `layer ${index + 1} is ${layer.arn}, in an account`, cure });
    return [];
  });
}

function codeCure(): string {
  return 'give the template from before it was packaged, or the built folder: --function ./folder';
}
