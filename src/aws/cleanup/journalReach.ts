import { comparableEndpoint } from '../../state/journal.ts';
import type { JournalHeader } from '../../state/journalFormat.ts';

/** Where a program talks to: what two runs must have in common before one may judge what the other left. */
export interface Whereabouts {
  readonly region: string;
  /** Absent for AWS itself. */
  readonly endpoint?: string | undefined;
}

/** `embedded`: its endpoint ended with its process, so nothing of it can be left. */
export type JournalReach = 'here' | 'embedded' | 'otherEndpoint' | 'otherRegion';

/** A journal without a readable header is looked at everywhere: what it names proves itself by name and tags. */
export function reachOf(header: JournalHeader | undefined, here: Whereabouts): JournalReach {
  if (header === undefined) return 'here';
  if (header.endpoint === 'embedded') return 'embedded';
  if (header.endpoint !== here.endpoint) return 'otherEndpoint';
  return header.region === here.region ? 'here' : 'otherRegion';
}

/** The endpoint that the SDK will talk to, by option or environment, in the form that journals keep; undefined: AWS. */
export function configuredEndpoint(
  endpointUrl: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const configured =
    env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true'
      ? undefined
      : env.AWS_ENDPOINT_URL_LAMBDA || env.AWS_ENDPOINT_URL;
  const url = endpointUrl ?? configured;
  return url ? comparableEndpoint(url) : undefined;
}
