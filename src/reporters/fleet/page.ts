/** What a ranking or a portfolio says, decided once; `text.ts`, `markdown.ts` and `html.ts` show it. Words are not escaped yet. */
export interface FleetPage {
  readonly title: string;
  /** Of the hidden marker of a comment, and of its subject. */
  readonly marker: readonly [kind: string, subject: string];
  readonly answer: string;
  readonly facts: readonly string[];
  readonly sheets: readonly PageTable[];
  readonly warnings: readonly string[];
  readonly remarks: readonly string[];
  /** What to type next. */
  readonly next: readonly string[];
}

export interface PageTable {
  readonly title: string;
  readonly columns: readonly PageColumn[];
  readonly rows: readonly (readonly string[])[];
  /** The rest, in one line. */
  readonly rest?: string | undefined;
}

export interface PageColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
  /** Who leaves first where there is no room: the lowest. */
  readonly leaves?: number | undefined;
}
