export const runIdText = '[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?';
const runIdPattern = new RegExp(`^${runIdText}$`);
export function isRunId(text: string): boolean {
  return runIdPattern.test(text);
}

/** What is left of the 24 characters of a run id when parts are numbered. */
export const longestRunOfParts = 19;

/** A command that measures several functions has a run for each of them; `number` counts from 1. */
export function partOfRun(runId: string, number: number): string {
  return `${runId}-p${number}`;
}

/** Whether a run is the one that was named, or a part of it. */
export function belongsToRun(named: string, runId: string): boolean {
  return runId === named || (runId.startsWith(`${named}-p`) && /^[1-9]\d{0,2}$/.test(runId.slice(named.length + 2)));
}
