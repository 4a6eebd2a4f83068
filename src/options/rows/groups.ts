import type { CommandName } from './commands.ts';

/** The headings that options stand under in help, in their order; of some commands in words of their own. */
export const groups = {
  subject: {
    heading: 'What to measure',
    check: 'What to compare',
    migrate: 'What to compare',
    observe: 'What to read',
  },
  variation: { heading: 'Variants (each beside the function as it is)' },
  payloads: { heading: 'What it is sent, and what it may answer' },
  around: { heading: 'Before and after calls, and their pace' },
  choosing: { heading: 'What may be chosen' },
  traffic: { heading: 'At your traffic' },
  search: { heading: 'Racing (spends calls only where they decide)', observe: 'Which minutes are read' },
  limits: {
    heading: 'Limits (shares such as 5%; what is not given is shown, not judged)',
    baseline: 'Limits of the checks that are to decide with it',
  },
  verdict: { heading: 'Verdict and baseline', migrate: 'What to say', observe: 'What to say' },
  money: { heading: 'Money and pace', observe: 'Money' },
  place: { heading: 'Where and how' },
  builds: { heading: 'Other builds' },
  output: { heading: 'Output' },
} as const satisfies Record<string, { readonly heading: string } & { readonly [Name in CommandName]?: string }>;

export type Group = keyof typeof groups;
