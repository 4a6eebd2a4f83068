import { recordOf } from '../../base/keys.ts';
import { type Definition, type Format, type Property, properties, type Setting } from '../definition/definition.ts';
import { cdkLine } from './spelling.ts';

/** Functions of programs that are not edited here: their places, for lines to write there. */

interface Printed {
  readonly format: Format;
  /** What a file of it names. */
  readonly uses: RegExp;
  /** A function that is made, with its name as the first group. */
  readonly makes: RegExp;
  readonly because: string;
}

const kinds = {
  pulumi: {
    format: 'Pulumi (TypeScript)',
    uses: /@pulumi\/aws/,
    makes: /\baws\.lambda\.(?:Callback)?Function\(\s*["'`]([\w-]+)["'`]/g,
    because: 'programs of Pulumi are not edited',
  },
  pulumiPython: {
    format: 'Pulumi (Python)',
    uses: /\bpulumi_aws\b/,
    makes: /\blambda_\.Function\(\s*["']([\w-]+)["']/g,
    because: 'programs of Pulumi are not edited',
  },
  sst: {
    format: 'SST',
    uses: /\bsst\.aws\.|sst\.config|\bsst\/constructs/,
    makes: /\bnew\s+(?:sst\.aws\.)?Function\(\s*(?:stack\s*,\s*)?["'`]([\w-]+)["'`]/g,
    because: 'programs of SST are not edited',
  },
  cdk: {
    format: 'CDK (TypeScript)',
    uses: /aws-cdk-lib|@aws-cdk\//,
    makes: /\bnew\s+[\w.]*Function\(\s*\w+\s*,\s*["'`]([\w-]+)["'`]/g,
    because: 'a CDK application in TypeScript is read with its own TypeScript, which is not installed here',
  },
} as const satisfies Record<string, Printed>;

export function functionsPrinted(kind: keyof typeof kinds, text: string): readonly Definition[] {
  const { format, uses, makes, because }: Printed = kinds[kind];
  if (!uses.test(text)) return [];
  return [...text.matchAll(makes)].map((match) => {
    const [, name = ''] = match;
    const isSst2 = kind === 'sst' && /\bsst\/constructs/.test(text);
    const setting: Setting = { kind: 'fixed', at: match.index, expression: '', because };
    return {
      format,
      select: name,
      at: match.index,
      // Both put a hash behind it.
      namePattern: kind === 'cdk' || isSst2 ? undefined : new RegExp(`(?:^|-)${name}(?:-\\w+|Function.*)?$`),
      logicalId: kind === 'cdk' || isSst2 ? { text: name.replace(/[^A-Za-z0-9]/g, ''), isExact: false } : undefined,
      settings: recordOf(properties, () => setting),
      lineFor: isSst2 ? sst2Line : undefined,
      builds: [],
    };
  });
}

/** Version 2 of SST is the CDK with words of its own for the architecture and the runtime. */
function sst2Line(property: Property, value: string): string {
  if (property === 'architecture') return `architecture: "${value === 'arm64' ? 'arm_64' : value}",`;
  return property === 'runtime' ? `runtime: "${value}",` : cdkLine(property, value, 'TypeScript');
}
