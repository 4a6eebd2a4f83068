/** Where a function is defined in a repository, and what of it can be changed there by exchanging one literal. */

/** What an answer can change in a file. */
export const properties = [
  'memoryMb',
  'architecture',
  'runtime',
  'snapStart',
  'logLevel',
  'provisionedConcurrency',
] as const;
export type Property = (typeof properties)[number];

const formats = [
  'SAM',
  'CloudFormation',
  'Serverless Framework',
  'Terraform',
  'CDK (TypeScript)',
  'CDK (Python)',
  'Pulumi (TypeScript)',
  'Pulumi (Python)',
  'SST',
] as const;
export type Format = (typeof formats)[number];

/** Text in place of what stands from `start` to `end`; equal: it is put in. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What the file holds differently afterwards, and nothing else: value by path, as `leavesOf` of its format says it. Undefined: gone. */
  readonly expects: readonly { readonly path: string; readonly leaf: string | undefined }[];
}

/** One property of one function, as the file has it. Values are in the words of the Lambda API; `on` and `off` of SnapStart. */
export type Setting =
  | {
      readonly kind: 'literal';
      readonly value: string;
      /** Where the literal stands. */
      readonly at: number;
      /** Undefined: this tool has no word for it. */
      splice(value: string): Splice | undefined;
      /** Of a parameter: what its own rules say against the value. */
      refuses?(value: string): string | undefined;
      /** Why it is not edited, where the tool could not write it. */
      readonly because?: string | undefined;
      /** What the reader of the diff has to know: it is a parameter's default, … */
      readonly note?: string | undefined;
    }
  | {
      readonly kind: 'absent';
      /** Of the function. */
      readonly at: number;
      /** What holds where nothing is written, if that is known. */
      readonly otherwise?: string | undefined;
      /** Undefined: there is no place for it that could be found. */
      splice(value: string): Splice | undefined;
      /** Why there is no place for it, where that is known. */
      readonly because?: string | undefined;
      /** What holds for all functions that do not have their own. */
      readonly inherited?: Inherited | undefined;
    }
  | Fixed;

export interface Inherited {
  readonly from: string;
  readonly setting: Setting;
  /** What has to be known of a function that has its own beside it. */
  readonly note?: string | undefined;
}

/** Not to be edited here: an expression, a reference, a loop. */
export interface Fixed {
  readonly kind: 'fixed';
  readonly at: number;
  /** As it is written; empty where nothing is. */
  readonly expression: string;
  readonly because: string;
  /** Where its value comes from. */
  readonly comesFrom?: string | undefined;
  /** What can be written there instead of here. */
  readonly there?: ((value: string) => string) | undefined;
}

export interface Definition {
  readonly format: Format;
  /** What `--select` takes: logical id, resource address, construct id, key of the function. */
  readonly select: string;
  readonly at: number;
  /** The name that it gives the function, where it is written out. */
  readonly functionName?: string | undefined;
  /** What its name must look like, where part of it is written out. */
  readonly namePattern?: RegExp | undefined;
  /** Of the stack, as CloudFormation names it: exact, or without the hash of a CDK construct. The source of a pattern. */
  readonly logicalId?: { readonly text: string; readonly isExact: boolean } | undefined;
  /** What the stack is called, where something beside the definition says so. */
  readonly stackName?: RegExp | undefined;
  readonly handler?: string | undefined;
  /** The folder or file of its code, relative to the file, where it is written out. */
  readonly codePath?: string | undefined;
  readonly settings: Readonly<Record<Property, Setting>>;
  /** What to write by hand, where that is not what its format writes. */
  lineFor?: ((property: Property, value: string) => string) | undefined;
  /** What must follow when the architecture changes, at its place. */
  readonly builds: readonly BuildPlace[];
}

/** Something in the file that is made for one architecture, or says for which one to build. */
export interface BuildPlace {
  readonly at: number;
  readonly kind: 'layers' | 'buildMethod' | 'image' | 'package' | 'bundling';
  /** As it is written. */
  readonly text: string;
}

/** Files that lie beside it and say what its values are. */
export interface Neighbour {
  readonly file: string;
  readonly text: string;
}
