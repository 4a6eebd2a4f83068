/** What `--report` takes, by kind of document; the tables of `src/reporters/registry.ts` have one line for each. `quiet` is `--quiet`. */
export const runFormats = [
  'table',
  'html',
  'svg',
  'markdown',
  'json',
  'csv',
  'csv-summary',
  'junit',
  'github',
  'gitlab',
  'url',
] as const;

export const checkFormats = ['table', 'html', 'markdown', 'json', 'csv', 'junit', 'github', 'gitlab'] as const;

export const observationFormats = [
  'table',
  'html',
  'svg',
  'markdown',
  'json',
  'csv',
  'junit',
  'github',
  'gitlab',
] as const;

export const fleetFormats = ['table', 'html', 'markdown', 'json', 'csv'] as const;

export type RunFormat = (typeof runFormats)[number] | 'quiet';
export type CheckFormat = (typeof checkFormats)[number] | 'quiet';
export type ObservationFormat = (typeof observationFormats)[number] | 'quiet';
export type FleetFormat = (typeof fleetFormats)[number] | 'quiet';
