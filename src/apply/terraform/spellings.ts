import type { Property } from '../definition/definition.ts';

/** How Terraform writes one property. */
export interface TerraformSpelling {
  /** The block that it stands in, where it has one. */
  readonly block?: string;
  readonly name: string;
  readonly inList?: true;
  read(literal: string | number | boolean): string | undefined;
  write(value: string): string | number | boolean;
  /** Besides it, where its block is made. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly otherwise?: string;
}

const text = (literal: string | number | boolean) => String(literal);
const architecture = (literal: string | number | boolean) =>
  literal === 'arm64' || literal === 'x86_64' ? literal : undefined;

const memoryMb: TerraformSpelling = { name: 'memory_size', read: text, write: Number, otherwise: '128' };
const architectures: TerraformSpelling = {
  name: 'architectures',
  inList: true,
  read: architecture,
  write: text,
  otherwise: 'x86_64',
};
const runtime: TerraformSpelling = { name: 'runtime', read: text, write: text };
/** Of its own resource, and of the module. */
export const provisionedConcurrency: TerraformSpelling = {
  name: 'provisioned_concurrent_executions',
  read: text,
  write: Number,
};

export const ofResource: Readonly<Record<Exclude<Property, 'provisionedConcurrency'>, TerraformSpelling>> = {
  memoryMb,
  architecture: architectures,
  runtime,
  snapStart: {
    block: 'snap_start',
    name: 'apply_on',
    read: (literal) => (literal === 'PublishedVersions' ? 'on' : literal === 'None' ? 'off' : undefined),
    write: (value) => (value === 'on' ? 'PublishedVersions' : 'None'),
    otherwise: 'off',
  },
  logLevel: {
    block: 'logging_config',
    name: 'application_log_level',
    read: text,
    write: text,
    beside: { log_format: 'JSON' },
  },
};

export const ofModule: Readonly<Record<Property, TerraformSpelling>> = {
  memoryMb,
  architecture: architectures,
  runtime,
  snapStart: {
    name: 'snap_start',
    read: (literal) => (literal === true ? 'on' : literal === false ? 'off' : undefined),
    write: (value) => value === 'on',
    otherwise: 'off',
  },
  logLevel: { name: 'logging_application_log_level', read: text, write: text },
  provisionedConcurrency,
};

/** For what is to be written by hand. */
export function terraformLine(property: Property, value: string, isModule: boolean): string {
  const spelling = isModule
    ? ofModule[property]
    : property === 'provisionedConcurrency'
      ? provisionedConcurrency
      : ofResource[property];
  const written = spelling.write(value);
  const quoted = typeof written === 'string' ? JSON.stringify(written) : String(written);
  const line = `${spelling.name} = ${spelling.inList ? `[${quoted}]` : quoted}`;
  return spelling.block === undefined ? line : `${spelling.block} { ${line} }`;
}
