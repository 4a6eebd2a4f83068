import { z } from 'zod';
import { formatMemory } from '../text/format.ts';
import { currentVariant, type Variant, variantSchema } from './variant.ts';

/**
 * What is measured: a variant of the function, on an architecture, at a memory size. Its key, equality, order and names are
 * made here and nowhere else, so that a further dimension is a field of this file.
 */

/** Values as the Lambda API spells them, in the order in which they are shown. */
export const architectures = ['x86_64', 'arm64'] as const;

export const architectureSchema = z.enum(architectures);

export type Architecture = z.infer<typeof architectureSchema>;

/** What a deployed function has. */
export const settingSchema = z.strictObject({
  memoryMb: z.int().positive(),
  architecture: architectureSchema,
});

/** As saved documents hold it. */
export const configurationSchema = settingSchema.extend({ variant: variantSchema.optional() });

/** One row of the result: how a function was deployed. */
export interface Configuration {
  readonly memoryMb: number;
  readonly architecture: Architecture;
  /** What is copied differently. Absent: the function as it is today, which is called `current`. */
  readonly variant?: Variant | undefined;
}

/** What is measured at several memory sizes. */
export type Curve = Omit<Configuration, 'memoryMb'>;

/** For maps and sets. Equal keys: the same configuration. */
export function keyOf(configuration: Configuration): string {
  const { memoryMb, architecture } = configuration;
  // The variant comes last: its name alone may hold spaces.
  const variant = variantOf(configuration);
  return variant === currentVariant ? `${architecture} ${memoryMb}` : `${architecture} ${memoryMb} ${variant}`;
}

/** Every curve that some of these lie on, each once, in order. */
export function curvesAmong(configurations: readonly Configuration[]): readonly Curve[] {
  const curves: Curve[] = [];
  for (const one of configurations.toSorted(compareOnCurves)) {
    if (!curves.some((curve) => sameCurve(curve, one))) curves.push(curveOf(one));
  }
  return curves;
}

/** By architecture, then variant, then memory size. */
function compareOnCurves(one: Configuration, other: Configuration): number {
  const place = ({ architecture }: Configuration) => architectures.indexOf(architecture);
  return place(one) - place(other) || compareConfigurations(one, other);
}

/** Whether anything was varied: then every name says of which variant it is. */
export function isVaried(configurations: readonly Configuration[]): boolean {
  return new Set(configurations.map(variantOf)).size > 1;
}

/** Nothing but what tells it apart: of a row, an estimate, … */
export function plain({ memoryMb, architecture, variant }: Configuration): Configuration {
  return variant === undefined ? { memoryMb, architecture } : { memoryMb, architecture, variant };
}

/** At the same setting, of this variant; without one, of the function as it is. */
export function ofVariant({ memoryMb, architecture }: Configuration, variant?: Variant): Configuration {
  return plain({ memoryMb, architecture, variant });
}

export function curveOf({ architecture, variant }: Curve): Curve {
  return variant === undefined ? { architecture } : { architecture, variant };
}

export function sameCurve(one: Curve, other: Curve): boolean {
  return one.architecture === other.architecture && sameVariant(one, other);
}

export function sameVariant(one: Pick<Configuration, 'variant'>, other: Pick<Configuration, 'variant'>): boolean {
  return variantOf(one) === variantOf(other);
}

export function sameConfiguration(one: Configuration, other: Configuration): boolean {
  return compareConfigurations(one, other) === 0;
}

/** The one of a list, which may know more of it. */
export function findConfiguration<T extends Configuration>(list: readonly T[], configuration: Configuration) {
  return list.find((one) => sameConfiguration(one, configuration));
}

/** The one of a list that was made of it: a lane, an estimate, … */
export function findMadeOf<T extends { readonly configuration: Configuration }>(
  list: readonly T[],
  configuration: Configuration,
): T | undefined {
  return list.find((one) => sameConfiguration(one.configuration, configuration));
}

/** By variant (what there is today comes first), then architecture, then memory size. */
export function compareConfigurations(one: Configuration, other: Configuration): number {
  return compareVariants(variantOf(one), variantOf(other)) || compareOnOne(one, other);
}

/** By memory size first: for lists in which the architectures of one size stand side by side. */
export function compareBySize(one: Configuration, other: Configuration): number {
  return one.memoryMb - other.memoryMb || compareConfigurations(one, other);
}

/** "1,024 MB on arm64" */
export function nameOf(configuration: Configuration): string {
  return withVariant(`${formatMemory(configuration.memoryMb)} on ${configuration.architecture}`, configuration);
}

/** For one sentence about all of them: each once, in the order of the tables, whichever was measured first. */
export function namesOf(configurations: readonly Configuration[]): readonly string[] {
  return [...new Set(configurations.toSorted(compareConfigurations).map(nameOf))];
}

/** "arm64 at 1,024 MB": where the architecture is what is talked of. */
export function nameByArchitecture(configuration: Configuration): string {
  return withVariant(`${configuration.architecture} at ${formatMemory(configuration.memoryMb)}`, configuration);
}

/** "arm64 1,024 MB": at the head of a line. */
export function labelOf(configuration: Configuration): string {
  return withVariant(`${configuration.architecture} ${formatMemory(configuration.memoryMb)}`, configuration);
}

/** Names that leave out what all of these have in common: "1,024 MB" where there is one architecture. */
export function namerAmong(configurations: readonly Configuration[]): (configuration: Configuration) => string {
  const hasArchitectures = new Set(configurations.map(({ architecture }) => architecture)).size > 1;
  const hasVariants = isVaried(configurations);
  return (configuration) => {
    const on = hasArchitectures ? ` on ${configuration.architecture}` : '';
    const of = hasVariants ? `, ${variantOf(configuration)}` : '';
    return `${formatMemory(configuration.memoryMb)}${on}${of}`;
  };
}

/** The name of something of it, with the variant where that is another than the current one. */
export function withVariant(name: string, configuration: Pick<Configuration, 'variant'>): string {
  const variant = variantOf(configuration);
  return variant === currentVariant ? name : `${name}, ${variant}`;
}

/** A name that stands after the word "current": "the current 512 MB", not "the current 512 MB, current". */
export function afterCurrent(name: string): string {
  const said = `, ${currentVariant}`;
  return name.endsWith(said) ? name.slice(0, -said.length) : name;
}

/** The name of its variant. */
export function variantOf({ variant }: Pick<Configuration, 'variant'>): string {
  return variant?.name ?? currentVariant;
}

function compareVariants(one: string, other: string): number {
  if (one === other) return 0;
  if (one === currentVariant) return -1;
  return other === currentVariant || one > other ? 1 : -1;
}

function compareOnOne(one: Configuration, other: Configuration): number {
  const place = ({ architecture }: Configuration) => architectures.indexOf(architecture);
  return place(one) - place(other) || one.memoryMb - other.memoryMb;
}

/** What a function may be moved to. */
export function otherArchitecture(architecture: Architecture): Architecture {
  return architecture === 'arm64' ? 'x86_64' : 'arm64';
}
