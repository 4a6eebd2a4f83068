import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count } from './amounts.ts';
import { architectureSchema, architectures } from './configuration.ts';

/** `where`, `path` and `package` are untrusted text, bounded in length: escape where shown. */
const findingSchema = z.strictObject({
  where: z.string().describe("function package, function, image, or the layer's ARN"),
  path: z.string().describe('In that place; files of an inner archive follow !/'),
  kind: z.enum([
    'bootstrap',
    'executable',
    'sharedLibrary',
    'nodeAddon',
    'pythonExtension',
    'nodePackage',
    'pythonWheel',
    'dotnetReadyToRun',
    'archive',
    'layer',
    'runtime',
    'image',
    'handler',
    'bundledLibrary',
  ]),
  architecture: z.enum([...architectures, 'i386', 'arm', 'unknown']).describe('What it is built for, or declares'),
  /** A command or a sentence: what usually helps. */
  cure: z.string(),
  /** The npm or Python package it belongs to. */
  package: z.string().optional(),
  reason: z.string().optional().describe('What is wrong where it is not the architecture alone'),
  blocking: z.boolean().describe('false: it may work all the same, or could not be looked into'),
  notice: z.literal(true).optional().describe('To be known; it does not weigh on the verdict'),
});

export const preflightSchema = z.strictObject({
  wanted: architectureSchema,
  verdict: z.enum(['compatible', 'incompatible', 'unknown']),
  findings: z.array(findingSchema),
  /** Findings beyond those listed. */
  findingsLeftOut: count,
  /** Files looked at, of the package and all layers. */
  files: count,
  /** Always to be shown with the verdict. */
  note: z.string(),
});

const date = z.iso.date();

const runtimeSupportSchema = z
  .strictObject({
    runtime: z.string(),
    preview: z.boolean().describe('A public preview: without an SLA, and its figures will change'),
    endsOn: date.optional().describe('Of its support. Absent: not known, or not scheduled'),
    createBlockedOn: date.optional().describe('From when AWS creates no functions of it. Absent: not known'),
    tableOf: date.describe('When the table of these dates was put together: AWS moves them'),
  })
  .describe('Absent: its runtime is that of the function, or an image');

export const variantPreflightSchema = preflightSchema
  .extend({ variant: z.string(), support: runtimeSupportSchema.optional() })
  .describe(
    'What was read of a variant that has other code, layers or another runtime, before anything was paid. incompatible: it is not measured',
  );

export type Preflight = DeepReadonly<z.infer<typeof preflightSchema>>;
export type VariantPreflight = DeepReadonly<z.infer<typeof variantPreflightSchema>>;
export type RuntimeSupport = DeepReadonly<z.infer<typeof runtimeSupportSchema>>;

/** How the reason of a row begins that was not measured for it. */
export const preflightReason = 'preflight: ';
