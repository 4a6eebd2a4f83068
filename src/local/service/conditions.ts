import type { SettingsRules } from './configuration.ts';

/** What this account and region are like, as far as other ones differ. */
export interface Conditions extends SettingsRules {
  /** Pending → Active after CreateFunction. */
  readonly pendingMs: number;
  /** InProgress → Successful after an update. */
  readonly updateMs: number;
  /** Pending → Active of a published version. */
  readonly publishMs: number;
  /** Size of the code storage in which every version counts. */
  readonly codeStorageBytes: number;
  readonly runsImages: boolean;
  /** Invocations wait until their share of the cores is free. */
  readonly sharesCores: boolean;
  /** Answers carry the header by which clients know that they do not talk to AWS. */
  readonly isMarked: boolean;
}

export function ordinaryConditions(architectures: Conditions['architectures']): Conditions {
  return {
    architectures,
    // Long enough for a state to be seen, short enough not to be felt.
    pendingMs: 5,
    updateMs: 5,
    publishMs: 5,
    // Ordinary functions end here whatever the API model says (32,768).
    memoryLimitMb: 10_240,
    blockedRuntimes: [],
    // 75 GB is the quota of a new account; larger ones exist.
    codeStorageBytes: 80_530_636_800,
    runsImages: false,
    sharesCores: true,
    isMarked: true,
  };
}
