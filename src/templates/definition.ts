import type { Architecture } from '../model/configuration.ts';
import type { FunctionUrlDefinition } from './functionUrl.ts';
import type { Given } from './value.ts';

/** A function as a template defines it, with what could not be found out in its place. Paths are relative to the template's folder. */
export interface FunctionDefinition {
  /** Logical id, or key in serverless.yml. */
  readonly id: string;
  /** What it is called besides: name in AWS, path of a CDK construct. */
  readonly otherNames: readonly string[];
  /** CDK's own (log retention, emptying buckets): never what somebody means who names none. */
  readonly isTools: boolean;
  readonly isImage: boolean;
  /** The name of its `Condition`, where that is known not to hold: CloudFormation would not make it. */
  readonly failedCondition: string | undefined;
  readonly code: Given<CodePlace>;
  readonly runtime: Given<string> | undefined;
  readonly handler: Given<string> | undefined;
  /** As it is deployed: where the template says nothing, what the tool or Lambda takes then. */
  readonly memoryMb: Given<number>;
  readonly timeoutS: Given<number>;
  readonly architecture: Given<Architecture>;
  readonly ephemeralStorageMb: Given<number> | undefined;
  readonly snapStart: Given<boolean>;
  readonly logging: LoggingDefinition | undefined;
  /** Not known at all: an expression stands for all variables. */
  readonly environment: Given<Readonly<Record<string, Given<string>>>>;
  readonly layers: Given<readonly Given<LayerPlace>[]>;
  readonly functionUrl: FunctionUrlDefinition | undefined;
  /** What `sam build` would make first, and how: "its code (makefile)". Undone, it is taken as it lies there. */
  readonly unbuilt: readonly string[];
  /** The template says that esbuild bundles it. */
  readonly bundle: BundleRequest | undefined;
}

export type CodePlace =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'inline'; readonly source: string };

export type LayerPlace =
  | { readonly kind: 'path'; readonly name: string; readonly path: string }
  /** It is in an account. */
  | { readonly kind: 'arn'; readonly arn: string };

export interface LoggingDefinition {
  readonly format: Given<'JSON' | 'Text'>;
  readonly applicationLevel: Given<string> | undefined;
  readonly systemLevel: Given<string> | undefined;
}

/** SAM's build properties for esbuild, as esbuild names them. */
export interface BundleRequest {
  readonly entryPoints?: readonly string[];
  readonly format?: string;
  readonly target?: string;
  readonly external?: readonly string[];
  readonly mainFields?: readonly string[];
  readonly loader?: Readonly<Record<string, string>>;
  readonly outExtension?: Readonly<Record<string, string>>;
  readonly banner?: Readonly<Record<string, string>>;
  readonly minify?: boolean;
  readonly sourcemap?: boolean;
}
