/** `template.yaml#OrdersFunction`: a file, and which function in it. */
export interface TemplateReference {
  readonly file: string;
  readonly fragment?: string | undefined;
}

const templateFile = /\.(?:ya?ml|json|template)$/i;

/** Undefined for a target that is no template by its name. */
export function templateReference(target: string): TemplateReference | undefined {
  if (target.startsWith('arn:')) return undefined;
  const hash = target.indexOf('#');
  const file = hash < 0 ? target : target.slice(0, hash);
  if (!templateFile.test(file)) return undefined;
  const fragment = hash < 0 ? '' : target.slice(hash + 1);
  return { file, fragment: fragment === '' ? undefined : fragment };
}
