import { shellQuote } from '../../text/shellQuote.ts';
import type { ReachOptions } from './clientOptions.ts';

/** The clean-up of a run, as it is typed: it reaches the account in the same way. */
export function cleanupCommand(runId: string | undefined, { assumeRole, externalId }: ReachOptions): string {
  const words = [
    ...(runId === undefined ? [] : ['--run', runId]),
    ...(assumeRole === undefined ? [] : ['--assume-role', assumeRole]),
    ...(externalId === undefined ? [] : ['--external-id', externalId]),
  ];
  return ['tune cleanup', ...words.map(shellQuote)].join(' ');
}
