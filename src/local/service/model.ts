import type { StoredCode } from '../packages/codeArchive.ts';
import type { FunctionSettings } from './settings.ts';

/** What the service holds, as data. Versions are immutable; changing `$LATEST` puts another one in its place. */

export interface FunctionRecord {
  readonly functionName: string;
  latest: VersionRecord;
  /** What still serves while an update of `$LATEST` is in progress. */
  previousLatest?: VersionRecord;
  readonly versions: Map<string, VersionRecord>;
  nextVersion: number;
  readonly aliases: Map<string, AliasRecord>;
  tags: Readonly<Record<string, string>>;
  readonly policy: Map<string, PolicyStatement>;
  policyRevisionId: string;
  reservedConcurrency?: number;
  codeSigningConfigArn?: string | undefined;
  /** By qualifier, `$LATEST` where none was given. */
  readonly urls: Map<string, FunctionUrl>;
  readonly eventInvokeConfigs: Map<string, EventInvokeConfig>;
  readonly runtimeManagement: Map<string, RuntimeManagement>;
  recursiveLoop: 'Allow' | 'Terminate';
  /** Of a past that is told here; nothing is kept ready by the endpoint itself. */
  provisioned?: readonly ProvisionedRecord[];
}

/** Provisioned concurrency of an alias or a version. */
export interface ProvisionedRecord {
  readonly qualifier: string;
  readonly environments: number;
  readonly modifiedMs: number;
}

/** It listens on a port of its own. */
export interface FunctionUrl {
  readonly urlId: string;
  readonly url: string;
  readonly createdMs: number;
  settings: UrlSettings;
  close(): Promise<void>;
}

export interface UrlSettings {
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  readonly cors: UrlCors | undefined;
  readonly modifiedMs: number;
}

/** With the members of the API. */
export interface UrlCors {
  readonly AllowCredentials?: boolean | undefined;
  readonly AllowHeaders?: readonly string[] | undefined;
  readonly AllowMethods?: readonly string[] | undefined;
  readonly AllowOrigins?: readonly string[] | undefined;
  readonly ExposeHeaders?: readonly string[] | undefined;
  readonly MaxAge?: number | undefined;
}

/** Kept and given back: an asynchronous invocation runs once here, and goes nowhere afterwards. */
export interface EventInvokeConfig {
  readonly modifiedMs: number;
  readonly maximumRetryAttempts?: number | undefined;
  readonly maximumEventAgeS?: number | undefined;
  readonly onSuccess?: string | undefined;
  readonly onFailure?: string | undefined;
}

interface RuntimeManagement {
  readonly updateOn: 'Auto' | 'FunctionUpdate' | 'Manual';
  readonly runtimeVersionArn?: string | undefined;
}

export interface VersionRecord {
  /** Names the pool of environments: another one for every change of code or configuration. */
  readonly poolId: string;
  readonly version: string;
  readonly settings: FunctionSettings;
  readonly code: FunctionCode;
  readonly revisionId: string;
  readonly lastModifiedMs: number;
  /** Pending until then. */
  readonly activeAtMs: number;
  /** An update is in progress until then. */
  readonly updatedAtMs: number;
  /** Of a published version: what `$LATEST` was then, to tell whether publishing again would change anything. */
  readonly publishedFrom?: string;
}

export type FunctionCode = StoredCode & {
  readonly imageUri?: string;
  /** Where the zip came from when it was not sent directly. */
  readonly s3?: { readonly bucket: string; readonly key: string; readonly versionId?: string | undefined } | undefined;
  readonly sourceKmsKeyArn?: string | undefined;
};

export interface AliasRecord {
  readonly name: string;
  readonly functionVersion: string;
  readonly description: string;
  /** Version → share 0..1 of the invocations that it gets. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

interface PolicyStatement {
  readonly statementId: string;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface LayerVersion {
  readonly layerName: string;
  readonly version: number;
  readonly description: string;
  readonly createdMs: number;
  readonly compatibleRuntimes: readonly string[];
  readonly compatibleArchitectures: readonly string[];
  readonly licenseInfo?: string | undefined;
  readonly code: StoredCode;
  /** A deleted version is refused to new functions; those that have it keep running. */
  deleted: boolean;
}

export function stateOf(version: VersionRecord, nowMs: number): 'Pending' | 'Active' {
  return nowMs < version.activeAtMs ? 'Pending' : 'Active';
}

export function updateInProgress(version: VersionRecord, nowMs: number): boolean {
  return stateOf(version, nowMs) === 'Active' && nowMs < version.updatedAtMs;
}
