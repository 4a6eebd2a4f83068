import { z } from 'zod';
import { TuneError } from '../../base/errors.ts';
import type { Payload } from '../../model/payload.ts';
import { jsonOf } from '../../text/jsonOf.ts';
import { payloadOfJson } from './payload.ts';

/** How the Lambda console and `sam remote test-event` keep the test events of a function: as examples of an OpenAPI 3 document. */
const documentSchema = z.object({
  components: z.object({
    examples: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
  }),
});

const mostNamed = 20;

/** @throws TuneError PAYLOAD, naming the events there are */
export function payloadOfTestEvent(content: string, name: string, functionName: string, template: boolean): Payload {
  const parsed = documentSchema.safeParse(jsonOf(content));
  const examples = parsed.success ? (parsed.data.components.examples ?? {}) : undefined;
  if (examples === undefined) {
    throw new TuneError(
      'PAYLOAD',
      `The test events of ${functionName} cannot be read: they are not as Lambda keeps them.`,
      {
        hint: 'Save the event once more in the Lambda console, or give it as a file: --payload event.json',
      },
    );
  }
  if (Object.hasOwn(examples, name)) return payloadOfJson(examples[name]?.value, `test event "${name}"`, template);
  throw noSuchEvent(name, functionName, Object.keys(examples));
}

/** All that there are, each as likely as the others; none where there is no document. @throws TuneError PAYLOAD */
export function payloadsOfTestEvents(
  content: string | undefined,
  functionName: string,
  template: boolean,
): readonly Payload[] {
  const parsed = documentSchema.safeParse(content === undefined ? undefined : jsonOf(content));
  const names = parsed.success ? Object.keys(parsed.data.components.examples ?? {}) : [];
  return names.map((name) => payloadOfTestEvent(content ?? '', name, functionName, template));
}

export function noSuchEvent(name: string, functionName: string, known: readonly string[]): TuneError {
  const shown = known.slice(0, mostNamed).map((one) => `test-event:${one}`);
  return new TuneError('PAYLOAD', `${functionName} has no shared test event "${name}".`, {
    hint:
      known.length === 0
        ? 'It has none at all. Save one as shareable in the Lambda console (private ones are for the console alone), or with: sam remote test-event put'
        : `It has: ${shown.join(', ')}${known.length > mostNamed ? ', …' : ''}`,
  });
}
