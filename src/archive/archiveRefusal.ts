/** Why an archive is not opened. */
export type RefusalReason =
  | 'notAZip'
  | 'empty'
  | 'tooManyEntries'
  | 'tooLarge'
  | 'bomb'
  | 'badName'
  | 'backslash'
  | 'sameName'
  | 'encrypted'
  | 'linkOut';

/** An archive that is hostile or broken. Whoever opened it says so in its own words; `path` is untrusted text. */
export class ArchiveRefusal extends Error {
  readonly reason: RefusalReason;
  readonly path: string | undefined;

  constructor(reason: RefusalReason, options: { path?: string; cause?: unknown } = {}) {
    super(`archive refused: ${reason}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ArchiveRefusal';
    this.reason = reason;
    this.path = options.path;
  }
}
