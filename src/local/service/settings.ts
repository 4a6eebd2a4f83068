import { z } from 'zod';

/**
 * The members of CreateFunction and UpdateFunctionConfiguration, with the limits that the API model states. Members
 * that only describe (VPC, DLQ, tracing, …) are kept and given back, nothing more. Unknown members are dropped, as on the service.
 */

const atLeast = (min: number) => `Member must have value greater than or equal to ${min}`;
const name = z.string().max(1024);

const runtimeSettings = {
  Runtime: z.string().max(64).optional(),
  Role: z
    .string()
    .regex(
      /^arn:aws[a-zA-Z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
      'Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
    )
    .optional(),
  Handler: z.string().max(128).regex(/^\S*$/, 'Member must satisfy regular expression pattern: [^\\s]+').optional(),
  Description: z.string().max(256, 'Member must have length less than or equal to 256').optional(),
  Timeout: z.int().min(1, atLeast(1)).max(900, 'Member must have value less than or equal to 900').optional(),
  // 32,768 is the model's limit; ordinary functions end at 10,240, which the service checks by itself.
  MemorySize: z
    .int()
    .min(128, atLeast(128))
    .max(32768, 'Member must have value less than or equal to 32768')
    .optional(),
  VpcConfig: z
    .object({
      SubnetIds: z.array(name).max(16).optional(),
      SecurityGroupIds: z.array(name).max(5).optional(),
      Ipv6AllowedForDualStack: z.boolean().optional(),
    })
    .nullish(),
  DeadLetterConfig: z.object({ TargetArn: name.optional() }).nullish(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).optional() }).nullish(),
  KMSKeyArn: name.nullish(),
  TracingConfig: z.object({ Mode: z.enum(['Active', 'PassThrough']).optional() }).nullish(),
  Layers: z.array(name).max(5, 'Member must have length less than or equal to 5').nullish(),
  FileSystemConfigs: z
    .array(z.looseObject({ Arn: name, LocalMountPath: name }))
    .max(1)
    .nullish(),
  ImageConfig: z
    .object({
      EntryPoint: z.array(name).optional(),
      Command: z.array(name).optional(),
      WorkingDirectory: name.optional(),
    })
    .nullish(),
  EphemeralStorage: z
    .object({ Size: z.int().min(512, atLeast(512)).max(10240, 'Member must have value less than or equal to 10240') })
    .nullish(),
  SnapStart: z.object({ ApplyOn: z.enum(['PublishedVersions', 'None']).optional() }).nullish(),
  LoggingConfig: z
    .object({
      LogFormat: z.enum(['JSON', 'Text']).optional(),
      ApplicationLogLevel: z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']).optional(),
      SystemLogLevel: z.enum(['DEBUG', 'INFO', 'WARN']).optional(),
      LogGroup: z
        .string()
        .regex(/^[.\-_/#A-Za-z0-9]{1,512}$/, 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+')
        .optional(),
    })
    .nullish(),
  CapacityProviderConfig: z.looseObject({}).nullish(),
  DurableConfig: z.looseObject({}).nullish(),
};

const codeSource = {
  ZipFile: z.string().optional(),
  S3Bucket: name.optional(),
  S3Key: name.optional(),
  S3ObjectVersion: name.optional(),
  S3ObjectStorageMode: z.enum(['COPY', 'REFERENCE']).optional(),
  ImageUri: name.optional(),
  SourceKMSKeyArn: name.optional(),
};

const architectures = z
  .array(
    z.enum(['x86_64', 'arm64'], {
      error: 'Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64]]',
    }),
  )
  .length(1, 'Member must have length equal to 1');

export const createFunctionBody = z.object({
  ...runtimeSettings,
  FunctionName: z.string().max(140),
  Role: runtimeSettings.Role.unwrap(),
  Code: z.object(codeSource),
  Publish: z.boolean().optional(),
  PublishTo: z.string().optional(),
  PackageType: z.enum(['Zip', 'Image']).optional(),
  Tags: z.record(z.string().min(1).max(128), z.string().max(256)).nullish(),
  CodeSigningConfigArn: name.nullish(),
  Architectures: architectures.optional(),
  TenancyConfig: z.looseObject({}).nullish(),
});

export const updateConfigurationBody = z.object({ ...runtimeSettings, RevisionId: name.optional() });

export const updateCodeBody = z.object({
  ...codeSource,
  Architectures: architectures.optional(),
  Publish: z.boolean().optional(),
  PublishTo: z.string().optional(),
  DryRun: z.boolean().optional(),
  RevisionId: name.optional(),
});

export type ConfigurationChange = z.output<typeof updateConfigurationBody>;
export type CodeSource = z.output<z.ZodObject<typeof codeSource>>;

/** What a version is configured with, defaults filled in; immutable. */
export interface FunctionSettings {
  readonly runtime?: string | undefined;
  readonly role: string;
  readonly handler?: string | undefined;
  readonly description: string;
  readonly timeoutS: number;
  readonly memoryMb: number;
  readonly ephemeralStorageMb: number;
  readonly architecture: 'x86_64' | 'arm64';
  readonly packageType: 'Zip' | 'Image';
  readonly environment: Readonly<Record<string, string>>;
  readonly layers: readonly string[];
  readonly tracing: 'Active' | 'PassThrough';
  readonly snapStart: 'PublishedVersions' | 'None';
  readonly logging: LoggingSettings;
  /** Members that nothing here acts on, as they were given. */
  readonly others: Readonly<Partial<Record<DescriptiveMember, unknown>>>;
}

export type LoggingSettings =
  | { readonly format: 'Text'; readonly logGroup: string }
  | {
      readonly format: 'JSON';
      readonly logGroup: string;
      readonly applicationLevel: string;
      readonly systemLevel: 'DEBUG' | 'INFO' | 'WARN';
    };

export const descriptiveMembers = [
  'VpcConfig',
  'DeadLetterConfig',
  'KMSKeyArn',
  'FileSystemConfigs',
  'ImageConfig',
  'CapacityProviderConfig',
  'DurableConfig',
  'TenancyConfig',
] as const;

export type DescriptiveMember = (typeof descriptiveMembers)[number];
