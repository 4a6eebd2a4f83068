/** `--payload-template`: what in a body is new with every call. */

/** What replaces `{{uuid}}` and `{{n}}`. */
export interface TemplateValues {
  readonly uuid: string;
  /** Running number of the call. */
  readonly n: number;
}

/** The body with every `{{uuid}}` and `{{n}}` replaced; JSON again, since neither holds a quote or a backslash. */
export function fillTemplate(body: string, { uuid, n }: TemplateValues): string {
  return body.replaceAll('{{uuid}}', () => uuid).replaceAll('{{n}}', () => String(n));
}

/** As long as they get, so that a body that fits now fits every time. */
export const longestValues: TemplateValues = { uuid: '00000000-0000-4000-8000-000000000000', n: 1_000_000_000 };
