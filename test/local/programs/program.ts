import { expect } from 'vitest';
import type { EnvironmentSpec } from '../../../src/local/service/execution.ts';

/** A small function, what each of its calls must answer, and what it must log and bill. */
export interface Program {
  readonly name: string;
  readonly runtime: string;
  readonly handler?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly spec?: Partial<EnvironmentSpec>;
  /** What this machine has to have. */
  readonly needs?: 'mountNamespace' | 'groups' | 'cc' | 'requireFlag';
  /** Why AWS's own runtime interface client, as a custom runtime, answers or logs otherwise. */
  readonly managedOnly?: string;
  /** One call after the other in one environment; `{}` where no event is given. */
  readonly calls: readonly Call[];
}

interface Call {
  readonly event?: unknown;
  /** The payload, parsed. */
  readonly answer: unknown;
  /** As REPORT names it. Present for failures alone: `none` for errors that the handler itself returned. */
  readonly fails?: string;
  /** What its log holds, in this order. Absent: nothing, unless it fails. */
  readonly logs?: readonly (string | RegExp)[];
  readonly logsNot?: readonly (string | RegExp)[];
  /** The answer's very bytes. */
  readonly bytes?: string;
  /** What it cannot take less than, by what it does. */
  readonly takesAtLeastMs?: number;
  /** Exactly: of a timeout. */
  readonly billsMs?: number;
  /** Init failed and is part of the first call, or the environment is warm. */
  readonly hasNoInit?: true;
}

/** The payload of a failure; a pattern stands for text that it matches. */
export function failure(errorType: string, errorMessage: string | RegExp, more: object = {}): unknown {
  const message = errorMessage instanceof RegExp ? expect.stringMatching(errorMessage) : errorMessage;
  return expect.objectContaining({ errorType, errorMessage: message, ...more });
}
