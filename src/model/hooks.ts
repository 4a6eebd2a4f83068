/** What is called around the calls of a run: somebody's function or command, which prepares a payload or follows up an answer. */
export interface Hook {
  /** `--before` */
  readonly flag: string;
  readonly kind: 'function' | 'command';
  /** Of a command 0: tune pays nothing for it. */
  readonly worstCaseUsd: number;
  /** Never throws. Its words are untrusted and are not kept. */
  run(input: string, signal: AbortSignal): Promise<HookAnswer>;
}

export type HookAnswer =
  | { readonly kind: 'done'; readonly output: string; readonly costUsd: number }
  /** `reason` holds nothing that the hook said: it is saved. `lastLines` does: escape where shown. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly lastLines: readonly string[];
      readonly costUsd: number;
    };

/** Once per invocation. */
export interface CallHooks {
  readonly before?: Hook | undefined;
  readonly after?: Hook | undefined;
}

/** Once per run. */
export interface RunHooks {
  readonly beforeRun?: Hook | undefined;
  readonly afterRun?: Hook | undefined;
}

/** What hooks add to a run, for its estimate. */
export interface HookCosts {
  /** Of all hooks of one call. */
  readonly perCall: { readonly expectedUsd: number; readonly worstUsd: number; readonly expectedMs: number };
  /** Of those of the run as a whole. */
  readonly perRun: { readonly expectedUsd: number; readonly worstUsd: number };
  /** Commands take their time, too, and nobody knows how long. */
  readonly hasCommands: boolean;
}
