import { type Observation, observationSchema } from '../../model/production/observation.ts';
import { escapeJsonText } from '../../text/escape.ts';

/** The document, keys in the order of the schema; ends in a newline. */
export function renderObservationJson(observation: Observation): string {
  const parsed = observationSchema.safeParse(observation);
  return `${escapeJsonText(JSON.stringify(parsed.success ? parsed.data : observation, null, 2))}\n`;
}
