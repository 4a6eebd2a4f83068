/**
 * Every command, by its name; `tune` is the one without a word, and one of a group has the word of the group before its own.
 * What each is: `src/cli/commands/`.
 */
export const commandNames = [
  'tune',
  'check',
  'baseline',
  'migrate',
  'apply',
  'observe',
  'fleet',
  'fleet rank',
  'fleet run',
  'fleet merge',
  'fleet emit',
  'fleet apply',
  'fleet verify',
  'cleanup',
  'policy',
  'doctor',
  'report',
  'local',
  'completion',
] as const;

export type CommandName = (typeof commandNames)[number];

/** Where an option of every run is: `on: { ...everyRun, check: { help: … } }`. */
export const everyRun = { tune: {}, check: {}, baseline: {}, migrate: {} } as const;

/** Where what a check and its baseline have in common is. */
export const gate = { check: {}, baseline: {} } as const;
