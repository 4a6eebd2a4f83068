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

interface ConstantSpelling {
  /** In TypeScript; Python writes it with underscores. */
  readonly argument: string;
  /** The class of its constants; absent: a number. */
  readonly constants?: string;
  read(written: string): string | undefined;
  write(value: string): string | undefined;
}

export const cdkSpellings: Readonly<Record<Property, ConstantSpelling>> = {
  memoryMb: {
    argument: 'memorySize',
    read: (written) => (/^\d[\d_]*$/.test(written) ? written.replaceAll('_', '') : undefined),
    write: (value) => value,
  },
  architecture: {
    argument: 'architecture',
    constants: 'Architecture',
    read: (written) => (written === 'ARM_64' ? 'arm64' : written === 'X86_64' ? 'x86_64' : undefined),
    write: (value) => (value === 'arm64' ? 'ARM_64' : 'X86_64'),
  },
  runtime: { argument: 'runtime', constants: 'Runtime', read: runtimeOfConstant, write: runtimeConstant },
  snapStart: {
    argument: 'snapStart',
    constants: 'SnapStartConf',
    read: (written) => (written === 'ON_PUBLISHED_VERSIONS' ? 'on' : undefined),
    // There is no constant for off: the property is left out.
    write: (value) => (value === 'on' ? 'ON_PUBLISHED_VERSIONS' : undefined),
  },
  logLevel: {
    argument: 'applicationLogLevelV2',
    constants: 'ApplicationLogLevel',
    read: (written) => written,
    write: (value) => value,
  },
};

export function snakeCase(name: string): string {
  return name
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/([a-z])(V\d)$/i, '$1_$2')
    .toLowerCase();
}

/** For what is to be written by hand. */
export function cdkLine(property: Property, value: string, language: 'TypeScript' | 'Python'): string {
  const { argument, constants, write } = cdkSpellings[property];
  const written = write(value);
  if (written === undefined) return `no ${language === 'Python' ? snakeCase(argument) : argument}`;
  const expression = constants === undefined ? written : `lambda.${constants}.${written}`;
  return language === 'Python'
    ? `${snakeCase(argument)}=${expression.replace(/^lambda\./, '_lambda.')},`
    : `${argument}: ${expression},`;
}

export function pulumiLine(property: Property, value: string, language: 'TypeScript' | 'Python'): string {
  const [argument, expression] = {
    memoryMb: ['memorySize', value],
    architecture: ['architectures', `["${value}"]`],
    runtime: ['runtime', `"${value}"`],
    snapStart: ['snapStart', `{ "applyOn": "${value === 'on' ? 'PublishedVersions' : 'None'}" }`],
    logLevel: ['loggingConfig', `{ "logFormat": "JSON", "applicationLogLevel": "${value}" }`],
  }[property] as [string, string];
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
  }[property];
}
