import type { Property } from '../definition/definition.ts';

/** How programs name what the API names: constants of the CDK, arguments of Pulumi and SST. */

/** `nodejs22.x` → `NODEJS_22_X`. Undefined: no constant of that name is known. */
function runtimeConstant(runtime: string): string | undefined {
  const [, family = '', version = ''] = /^(nodejs|python|java|dotnet|ruby|provided)\.?(.*)$/.exec(runtime) ?? [];
  if (family === '' || version === '') return undefined;
  return `${family}_${version}`.replaceAll('.', '_').toUpperCase();
}

/** `NODEJS_22_X` → `nodejs22.x`. */
function runtimeOfConstant(constant: string): string | undefined {
  const [, node] = /^NODEJS_(\d+)_X$/.exec(constant) ?? [];
  if (node !== undefined) return `nodejs${node}.x`;
  const [, family = '', version] = /^(PYTHON|RUBY)_(\d+_\d+)$/.exec(constant) ?? [];
  if (version !== undefined) return `${family.toLowerCase()}${version.replace('_', '.')}`;
  const [, other = '', major] = /^(JAVA|DOTNET)_(\d+)$/.exec(constant) ?? [];
  if (major !== undefined) return `${other.toLowerCase()}${major}`;
  const [, system] = /^PROVIDED_(AL\d+)$/.exec(constant) ?? [];
  return system === undefined ? undefined : `provided.${system.toLowerCase()}`;
}

export interface ProgramSpelling {
  /** In TypeScript; Python writes it with underscores. */
  readonly argument: string;
  readonly form: 'number' | 'text' | 'listOfOneText' | 'constant';
  /** The class of its constants. */
  readonly constants?: string;
  read(written: string): string | undefined;
  write(value: string): string | undefined;
  /** What is written in place of no value at all: `undefined`, `None`. */
  readonly nothing?: string;
}

const digits = (written: string) => (/^\d[\d_]*$/.test(written) ? written.replaceAll('_', '') : undefined);
const asItIs = (value: string) => value;

/** Of constructs that the CDK wrote for people: `lambda.Function` and what is made of it. */
export const cdkSpellings: Readonly<Record<Property, ProgramSpelling>> = {
  memoryMb: { argument: 'memorySize', form: 'number', read: digits, write: asItIs },
  architecture: {
    argument: 'architecture',
    form: 'constant',
    constants: 'Architecture',
    read: (written) => (written === 'ARM_64' ? 'arm64' : written === 'X86_64' ? 'x86_64' : undefined),
    write: (value) => (value === 'arm64' ? 'ARM_64' : 'X86_64'),
  },
  runtime: {
    argument: 'runtime',
    form: 'constant',
    constants: 'Runtime',
    read: runtimeOfConstant,
    write: runtimeConstant,
  },
  snapStart: {
    argument: 'snapStart',
    form: 'constant',
    constants: 'SnapStartConf',
    read: (written) => (written === 'ON_PUBLISHED_VERSIONS' ? 'on' : undefined),
    write: (value) => (value === 'on' ? 'ON_PUBLISHED_VERSIONS' : undefined),
    // There is no constant for it.
    nothing: 'off',
  },
  logLevel: {
    argument: 'applicationLogLevelV2',
    form: 'constant',
    constants: 'ApplicationLogLevel',
    read: asItIs,
    write: asItIs,
  },
  provisionedConcurrency: {
    argument: 'provisionedConcurrentExecutions',
    form: 'number',
    read: digits,
    write: asItIs,
  },
};

/** Of `CfnFunction`, whose properties are those of CloudFormation. What is nested there is not edited. */
export const cfnSpellings: Readonly<Record<Property, ProgramSpelling>> = {
  ...cdkSpellings,
  architecture: {
    argument: 'architectures',
    form: 'listOfOneText',
    read: (written) => (written === 'arm64' || written === 'x86_64' ? written : undefined),
    write: asItIs,
  },
  runtime: { argument: 'runtime', form: 'text', read: asItIs, write: asItIs },
  snapStart: { argument: 'snapStart', form: 'text', read: () => undefined, write: () => undefined },
  logLevel: { argument: 'loggingConfig', form: 'text', read: () => undefined, write: () => undefined },
};

/** Code that is an image, for a platform of its own where it says so. */
export function isImage(code: string): boolean {
  return /ImageAsset|image_asset|DockerImageCode/.test(code);
}

export function snakeCase(name: string): string {
  return name
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/([a-z])(V\d)$/i, '$1_$2')
    .toLowerCase();
}

/** For what is to be written by hand. */
export function cdkLine(property: Property, value: string, language: 'TypeScript' | 'Python'): string {
  const { argument, constants, write } = cdkSpellings[property];
  const name = language === 'Python' ? snakeCase(argument) : argument;
  const written = write(value);
  if (written === undefined) return `no ${name}`;
  const expression = constants === undefined ? written : `lambda.${constants}.${written}`;
  return language === 'Python' ? `${name}=${expression.replace(/^lambda\./, '_lambda.')},` : `${name}: ${expression},`;
}

/** The same for a `CfnFunction`. */
export function cfnLine(property: Property, value: string, language: 'TypeScript' | 'Python'): string {
  const applyOn = `"${value === 'on' ? 'PublishedVersions' : 'None'}"`;
  const [argument, typescript, python] = {
    memoryMb: ['memorySize', value, value],
    architecture: ['architectures', `["${value}"]`, `["${value}"]`],
    runtime: ['runtime', `"${value}"`, `"${value}"`],
    snapStart: ['snapStart', `{ applyOn: ${applyOn} }`, `_lambda.CfnFunction.SnapStartProperty(apply_on=${applyOn})`],
    logLevel: [
      'loggingConfig',
      `{ logFormat: "JSON", applicationLogLevel: "${value}" }`,
      `_lambda.CfnFunction.LoggingConfigProperty(log_format="JSON", application_log_level="${value}")`,
    ],
    provisionedConcurrency: [
      'provisionedConcurrencyConfig',
      `{ provisionedConcurrentExecutions: ${value} }`,
      `_lambda.CfnAlias.ProvisionedConcurrencyConfigurationProperty(provisioned_concurrent_executions=${value})`,
    ],
  }[property] as [string, string, string];
  return language === 'Python' ? `${snakeCase(argument)}=${python},` : `${argument}: ${typescript},`;
}

export function pulumiLine(property: Property, value: string, language: 'TypeScript' | 'Python'): string {
  const [argument, expression] = {
    memoryMb: ['memorySize', value],
    architecture: ['architectures', `["${value}"]`],
    runtime: ['runtime', `"${value}"`],
    snapStart: ['snapStart', `{ "applyOn": "${value === 'on' ? 'PublishedVersions' : 'None'}" }`],
    logLevel: ['loggingConfig', `{ "logFormat": "JSON", "applicationLogLevel": "${value}" }`],
    provisionedConcurrency: ['provisionedConcurrentExecutions', value],
  }[property] as [string, string];
  if (property === 'provisionedConcurrency') {
    const name = language === 'TypeScript' ? argument : snakeCase(argument);
    return `an aws.lambda.ProvisionedConcurrencyConfig of an alias, with ${name}${language === 'TypeScript' ? ': ' : '='}${value}`;
  }
  if (language === 'TypeScript') return `${argument}: ${expression},`;
  return `${snakeCase(argument)}=${expression.replace(/"(\w+)":/g, (_, key: string) => `"${snakeCase(key)}":`)},`;
}

export function sstLine(property: Property, value: string): string {
  return {
    memoryMb: `memory: "${value} MB",`,
    architecture: `architecture: "${value}",`,
    runtime: `runtime: "${value}",`,
    snapStart: `transform: { function: { snapStart: { applyOn: "${value === 'on' ? 'PublishedVersions' : 'None'}" } } },`,
    logLevel: `transform: { function: { loggingConfig: { logFormat: "JSON", applicationLogLevel: "${value}" } } },`,
    // From memory of SST 3's reference; it could not be tried.
    provisionedConcurrency: `versioning: true, concurrency: { provisioned: ${value} },`,
  }[property];
}
