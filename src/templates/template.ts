import { TuneError } from '../base/errors.ts';
import { type Assets, cloudFormationFunctions, nestedStacks } from './cloudFormation.ts';
import type { FunctionDefinition } from './definition.ts';
import { isMap, own, readTemplateTree, type TemplateTree } from './document.ts';
import { type Unrolled, unrolled } from './loops.ts';
import { serverlessFunctions } from './serverless.ts';

export interface Template {
  /** As the user named it. */
  readonly name: string;
  readonly tool: 'cloudFormation' | 'serverless';
  readonly functions: readonly FunctionDefinition[];
  /** Logical ids of stacks with templates of their own, whose functions are not among these. */
  readonly nestedStacks: readonly string[];
  /** Of `Fn::ForEach`: what would come of them is not among the functions. */
  readonly unknownLoops: Unrolled['unknown'];
  /** Files that `${file(…)}` of serverless.yml names and that were not among those given. */
  readonly wantedFiles: readonly string[];
}

/** What expressions are resolved with. */
export interface TemplateContext {
  readonly parameters: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly region: string;
  readonly accountId: string;
  readonly assets: Assets;
  /** What `${file(…)}` names, as it is written there; undefined for what is not there. */
  readonly files: Readonly<Record<string, TemplateTree | undefined>>;
}

/** Reads a template and the functions in it. @throws TuneError CONFIG for what is none */
export async function readTemplate(text: string, name: string, context: TemplateContext): Promise<Template> {
  const tree = await readTemplateTree(text, name);
  if (isMap(own(tree, 'Resources'))) {
    const { tree: whole, unknown } = unrolled(tree, context);
    return {
      name,
      tool: 'cloudFormation',
      functions: cloudFormationFunctions({ ...context, tree: whole }, context.assets),
      nestedStacks: nestedStacks(whole),
      unknownLoops: unknown,
      wantedFiles: [],
    };
  }
  if (own(tree, 'functions') !== undefined || own(tree, 'provider') !== undefined) {
    const wanted = new Set<string>();
    const functions = serverlessFunctions({ ...context, tree, wants: (path) => wanted.add(path) });
    return { name, tool: 'serverless', functions, nestedStacks: [], unknownLoops: [], wantedFiles: [...wanted] };
  }
  throw new TuneError('CONFIG', `${name} is no template: it has neither Resources nor functions.`, {
    hint: 'Give a template of SAM, CloudFormation or CDK, or a serverless.yml: tune --function template.yaml#OrdersFunction',
  });
}

/**
 * The function that a fragment names by its logical id, its name, or the path of its construct or the end of one; the only
 * function of a template needs none. @throws TuneError USAGE that lists the functions
 */
export function functionNamed(template: Template, fragment: string | undefined): FunctionDefinition {
  const { name, functions, nestedStacks, unknownLoops } = template;
  const candidates = fragment === undefined ? meantByNothing(functions) : named(functions, fragment);
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  const loops = unknownLoops.map(loopText).join(' ');
  if (functions.length === 0) {
    throw new TuneError('USAGE', `${name} has no function.`, {
      hint:
        nestedStacks.length > 0
          ? `Its nested stacks (${nestedStacks.join(', ')}) are not followed: give the template of one of them.`
          : loops ||
            'Looked for AWS::Serverless::Function and AWS::Lambda::Function, or functions of serverless.yml, as they are written in this file.',
    });
  }
  const listed = others.length > 0 ? candidates : functions;
  const what =
    fragment === undefined
      ? `${name} has ${functions.length} functions: say which one.`
      : others.length > 0
        ? `"${fragment}" may be any of ${candidates.length} functions of ${name}.`
        : `${name} has no function "${fragment}".`;
  throw new TuneError('USAGE', what, {
    hint: `It has: ${listed.map(shown).join(', ')}. Example: --function ${name}#${listed[0]?.id}${loops && `. ${loops}`}`,
  });
}

/** Why nothing of a loop is there, with the option that gives it. */
export function loopText({ loop, over: { reference, parameter } }: Unrolled['unknown'][number]): string {
  const cure = parameter === undefined ? 'write the list into the template' : `give it by --parameter ${parameter}=a,b`;
  return `Fn::ForEach::${loop} goes over ${reference}: ${cure}.`;
}

/** Whether a fragment, or nothing, may mean a function of it. */
export function mayMean({ functions }: Template, fragment: string | undefined): boolean {
  if (fragment !== undefined) return named(functions, fragment).length > 0;
  return functions.some(({ isTools }) => !isTools);
}

function meantByNothing(functions: readonly FunctionDefinition[]): readonly FunctionDefinition[] {
  return functions.length === 1 ? functions : functions.filter(({ isTools }) => !isTools);
}

function named(functions: readonly FunctionDefinition[], fragment: string): readonly FunctionDefinition[] {
  const exact = functions.filter(({ id }) => id === fragment);
  if (exact.length > 0) return exact;
  const whole = functions.filter(({ otherNames }) => otherNames.includes(fragment));
  if (whole.length > 0) return whole;
  return functions.filter(({ otherNames }) => otherNames.some((name) => name.endsWith(`/${fragment}`)));
}

function shown({ id, otherNames: [other] }: FunctionDefinition): string {
  return other === undefined ? id : `${id} (${other})`;
}
