/** A library that own code loads by name. */
export interface Import {
  readonly module: string;
  readonly path: string;
  /** Loaded whatever happens: neither in a `try` nor in a function that may never be called. */
  readonly isCertain: boolean;
}

/** What own code loads, and which libraries lie beside it, by name. */
export interface Reliance {
  readonly imports: readonly Import[];
  readonly modules: readonly string[];
}
