import { TuneError } from '../base/errors.ts';

/** `template.yaml#OrdersFunction`: a file, and which function in it. */
export interface TemplateReference {
  readonly file: string;
  readonly fragment?: string | undefined;
}

const templateFile = /\.(?:ya?ml|json|template)$/i;

const program = /^(?:.*[/\\])?serverless\.[cm]?[jt]s$/i;

/** Undefined for a target that is no template by its name. @throws TuneError USAGE for one that is a program */
export function templateReference(target: string): TemplateReference | undefined {
  if (target.startsWith('arn:')) return undefined;
  const hash = target.indexOf('#');
  const file = hash < 0 ? target : target.slice(0, hash);
  if (program.test(file)) {
    throw new TuneError('USAGE', `${file} is a program, and templates are only read.`, {
      hint: `Let the framework print what it says: npx serverless print --format json > serverless.json   then: --function serverless.json${hash < 0 ? '' : target.slice(hash)}`,
    });
  }
  if (!templateFile.test(file)) return undefined;
  const fragment = hash < 0 ? '' : target.slice(hash + 1);
  return { file, fragment: fragment === '' ? undefined : fragment };
}
