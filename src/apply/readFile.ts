import { readTree } from '../templates/tree/readTree.ts';
import { type Leaves, leavesOfTree } from '../templates/tree/tree.ts';
import type { Definition, Format, Neighbour, Property } from './definition/definition.ts';
import { functionsOfTemplate, isTemplate, templateLine } from './formats/cloudformation.ts';
import { functionsOfServerless, isServerless, serverlessLine } from './formats/serverless.ts';
import { functionsOfCdkPython, leavesOfPython } from './programs/cdkPython.ts';
import { functionsOfCdkTypescript, leavesOfTypescript } from './programs/cdkTypescript.ts';
import { functionsPrinted } from './programs/printed.ts';
import type { Typescript } from './programs/program.ts';
import { cdkLine, pulumiLine, sstLine } from './programs/spelling.ts';
import { hclLeaves } from './terraform/hclLeaves.ts';
import { terraformLine } from './terraform/spellings.ts';
import { functionsOfTerraform } from './terraform/terraform.ts';

/** A file that may define functions, read by what its name and text say it is. */

export interface SourceFile {
  /** Relative to the repository. */
  readonly file: string;
  /** Without a byte order mark. */
  readonly text: string;
  /** Files that say what its values are: others of its folder, `samconfig.toml`. */
  readonly neighbours: readonly Neighbour[];
}

type Unread = { readonly reason: string };

export interface ReadSource {
  readonly definitions: readonly Definition[];
  /** Of another text of this file: what an edit did to it. */
  leavesOf(text: string): Promise<Leaves | Unread>;
}

/** Whether a file of that name can define a function at all. */
export function mayDefine(file: string): boolean {
  const name = file.split('/').at(-1) ?? '';
  if (/^(?:package(?:-lock)?|tsconfig.*|composer|manifest|pnpm-lock|\.eslintrc)\.(?:json|ya?ml)$/.test(name))
    return false;
  return (
    /\.(?:ya?ml|json|template|tf|tofu|[cm]?[jt]s|py)$/.test(name) && !/\.(?:d\.ts|test\.[jt]s|spec\.[jt]s)$/.test(name)
  );
}

/** Words of which one stands in every file that defines a function, so that not every file needs to be parsed. */
const words =
  /AWS::(?:Serverless|Lambda)::Function|^\s*"?functions"?\s*:|aws_lambda_function|modules\/(?:terraform-aws-)?lambda|aws-cdk|aws_cdk|pulumi|\bsst\b/m;

export function mayDefineIn(text: string): boolean {
  return words.test(text);
}

/** Undefined: nothing in it looks like a function. */
export function readSource(
  { file, text, neighbours }: SourceFile,
  typescript?: Typescript,
): ReadSource | Unread | undefined {
  if (!mayDefineIn(text)) return undefined;
  if (/\.(?:tf|tofu)$/.test(file)) return readTerraform(file, text, neighbours);
  if (/\.(?:tf|tofu)\.json$/.test(file)) return { reason: 'Terraform in JSON is not edited' };
  if (file.endsWith('.py')) return readPython(text);
  if (/\.[cm]?[jt]s$/.test(file)) return readScript(file, text, typescript);
  return readTemplate(file, text, neighbours);
}

function readTemplate(file: string, text: string, neighbours: readonly Neighbour[]): ReadSource | Unread | undefined {
  const document = readTree(text, file);
  if ('reason' in document) return document;
  const leavesOf = async (other: string) => {
    const read = readTree(other, file);
    return 'reason' in read ? read : leavesOfTree(read);
  };
  if (isTemplate(document)) return { definitions: functionsOfTemplate(document, neighbours), leavesOf };
  if (isServerless(document)) return { definitions: functionsOfServerless(document), leavesOf };
  return undefined;
}

function readTerraform(file: string, text: string, neighbours: readonly Neighbour[]): ReadSource | Unread {
  const definitions = functionsOfTerraform(file, text, neighbours);
  if (definitions === undefined) return { reason: 'its blocks cannot be read' };
  return { definitions, leavesOf: (other) => hclLeaves(file, other) };
}

function readPython(text: string): ReadSource | Unread | undefined {
  if (!/\baws_cdk\b/.test(text)) {
    const definitions = functionsPrinted('pulumiPython', text);
    return definitions.length === 0 ? undefined : { definitions, leavesOf: notEdited };
  }
  const definitions = functionsOfCdkPython(text);
  if (definitions === undefined) return { reason: 'its words cannot be read' };
  return { definitions, leavesOf: async (other) => leavesOfPython(other) ?? { reason: 'its words cannot be read' } };
}

function readScript(file: string, text: string, typescript: Typescript | undefined): ReadSource | Unread | undefined {
  if (/(?:^|\/)serverless\.[cm]?[jt]s$/.test(file)) {
    return { reason: 'a configuration of the Serverless Framework that is a program is not edited' };
  }
  const isCdk = /['"](?:aws-cdk-lib|@aws-cdk\/)/.test(text);
  if (isCdk && typescript !== undefined) {
    const definitions = functionsOfCdkTypescript(typescript, text);
    if (definitions === undefined) return { reason: 'it is not valid TypeScript' };
    return {
      definitions,
      leavesOf: async (other) => leavesOfTypescript(typescript, other) ?? { reason: 'it is not valid TypeScript' },
    };
  }
  const definitions = (['cdk', 'pulumi', 'sst'] as const).flatMap((kind) => functionsPrinted(kind, text));
  return definitions.length === 0 ? undefined : { definitions, leavesOf: notEdited };
}

async function notEdited(): Promise<Unread> {
  return { reason: 'files of this kind are not edited' };
}

/** What provisioned concurrency needs besides, where the file does not have it yet: Lambda takes it for a version or an alias alone. */
export function placeToProvision({ format, select }: Pick<Definition, 'format' | 'select'>): string {
  switch (format satisfies Format) {
    case 'SAM':
      return 'AutoPublishAlias: live, and ';
    case 'CloudFormation':
      return 'in an AWS::Lambda::Alias of the function: ';
    case 'Terraform':
      return select.startsWith('module.')
        ? 'publish = true, and '
        : 'resource "aws_lambda_provisioned_concurrency_config" with the function_name, the qualifier of an alias and ';
    case 'CDK (TypeScript)':
    case 'CDK (Python)':
      return 'in an alias of its current version: ';
    case 'Serverless Framework':
    case 'Pulumi (TypeScript)':
    case 'Pulumi (Python)':
    case 'SST':
      return '';
  }
}

/** What to write by hand, in the words of the tool. */
export function lineFor(
  { format, select, lineFor: own }: Pick<Definition, 'format' | 'select' | 'lineFor'>,
  property: Property,
  value: string,
): string {
  if (own !== undefined) return own(property, value);
  switch (format satisfies Format) {
    case 'SAM':
    case 'CloudFormation':
      return templateLine(property, value);
    case 'Serverless Framework':
      return serverlessLine(property, value);
    case 'Terraform':
      return terraformLine(property, value, select.startsWith('module.'));
    case 'CDK (TypeScript)':
      return cdkLine(property, value, 'TypeScript');
    case 'CDK (Python)':
      return cdkLine(property, value, 'Python');
    case 'Pulumi (TypeScript)':
      return pulumiLine(property, value, 'TypeScript');
    case 'Pulumi (Python)':
      return pulumiLine(property, value, 'Python');
    case 'SST':
      return sstLine(property, value);
  }
}
