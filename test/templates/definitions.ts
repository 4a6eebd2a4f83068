import type { FunctionDefinition } from '../../src/templates/definition.ts';
import { readTemplate, type Template, type TemplateContext } from '../../src/templates/template.ts';
import { isUnresolved } from '../../src/templates/value.ts';

const context: TemplateContext = {
  parameters: {},
  env: {},
  region: 'eu-central-1',
  accountId: '000000000000',
  assets: {},
  files: {},
};

export function read(text: string, change: Partial<TemplateContext> = {}, name = 'template.yaml'): Promise<Template> {
  return readTemplate(text, name, { ...context, ...change });
}

/** As a test writes it: what is not known as `? ` and what stands there. */
export function plain(definition: FunctionDefinition): unknown {
  return JSON.parse(
    JSON.stringify(definition, (_key, value: unknown) => (isUnresolved(value) ? `? ${value.reference}` : value)),
  );
}
