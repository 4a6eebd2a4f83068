import type { EnvironmentSpec } from '../service/execution.ts';
import type { Refuser } from '../service/names.ts';

/** One call on the wire, as the hooks see it before it takes effect. */
export interface CallInfo {
  /** Counts all calls from 0, code downloads included; `setTesting` starts again at 0. */
  readonly index: number;
  readonly operation: string;
  /** ARN of the function, log group, object, …; `*` where the call names nothing. */
  readonly resource: string;
}

/** What goes wrong with one call. Without `After` the call has no effect. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly type: string;
      readonly message?: string;
      readonly reason?: string;
      readonly retryAfterS?: number;
      /** The call takes effect, and then this error is answered. */
      readonly afterEffect?: boolean;
    }
  | 'resetBefore'
  | 'resetAfter'
  /** Never answers, no effect; the client's own timeout ends it. */
  | 'hang'
  | 'hangAfter'
  /** Takes effect; the answer breaks off in the middle of its body. */
  | 'cutBody'
  /** Takes effect; the body is not what the content type says. */
  | 'garbage';

/** Where the REPORT of an invocation goes. `noTail`: no LogResult at all, REPORT in the logs. */
export type ReportPlace = 'everywhere' | 'onlyInLogs' | 'missing' | 'noTail';

/** IAM action and resource, `*` as wildcard, that are answered with AccessDeniedException. */
interface Denial {
  readonly action: string;
  readonly resource: string;
  /** Which policy the refusal names; an identity-based one by default. */
  readonly by?: { readonly refuser: Refuser; readonly explicitly?: boolean };
}

/** As IAM writes it. A condition holds when every key of the call has the value. */
interface Allowance {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> } | undefined;
}

interface Invocation {
  readonly functionName: string;
  readonly version: string;
  readonly requestId: string;
  /** Counts the invocations that were admitted, from 0. */
  readonly index: number;
}

/**
 * Conditions that only tests ask for. Nothing a user can type leads here: the literal `forTestsOnly` has to be
 * written in source code.
 */
export interface TestingOptions {
  readonly forTestsOnly: true;
  /** Added before every call takes effect. */
  readonly latencyMs?: number | ((call: CallInfo) => number);
  readonly faults?: (call: CallInfo) => Fault | undefined;
  readonly deny?: readonly Denial[];
  /** Statements of an IAM policy: what none of them allows is denied, whoever calls. */
  readonly allow?: readonly Allowance[];
  readonly states?: {
    /** Pending → Active after CreateFunction. */
    readonly pendingMs?: number;
    /** InProgress → Successful after an update. */
    readonly updateMs?: number;
    /** Pending → Active of a published version. */
    readonly publishMs?: number;
    /** For so long after it was made, every other call does not find a function or version: hosts learn of it one by one. */
    readonly unseenMs?: number;
    /** Whether the service refuses this is not known ([infer]), so both can be played. */
    readonly refuseDeleteWhilePending?: boolean;
  };
  /** Accounts with a lower memory limit (3,008 MB in new ones). */
  readonly memoryLimitMb?: number;
  /** Size of the code storage in which every version counts. */
  readonly codeStorageBytes?: number;
  /** Runtimes past "block create": functions that exist keep running. */
  readonly blockedRuntimes?: readonly string[];
  readonly listFunctionsPageSize?: number;
  /** Every n-th Invoke is refused with 429 before it has any effect. */
  readonly throttleEveryNthInvoke?: number;
  readonly logs?: {
    /** Log events appear that late (a flush re-creates a group deleted meanwhile). */
    readonly delayMs?: number;
    /** Functions whose role may not write logs: neither group nor stream ever appears. */
    readonly denied?: (function_: { readonly functionName: string; readonly roleArn: string }) => boolean;
    /** FilterLogEvents answers that many empty pages, each with a nextToken, before the first with events. */
    readonly emptyPages?: number;
  };
  /** Buckets of other regions: every call on them is answered with 301 and the region's name. */
  readonly bucketRegions?: Readonly<Record<string, string>>;
  readonly report?: ReportPlace | ((invocation: Invocation) => ReportPlace);
  /** Takes functions of architectures other than the host's; reported times are multiplied by the factor. */
  readonly otherArchitectures?: Partial<Record<EnvironmentSpec['architecture'], { readonly durationFactor: number }>>;
  /** Takes image functions (only an executor without processes can run them). */
  readonly images?: boolean;
  /** Answers without the header that marks the endpoint as tune's own: clients then take it for AWS. */
  readonly unmarked?: boolean;
  /** `off`: invocations start at once, whatever the cores. */
  readonly admission?: 'off';
  /** Changes the JSON of a successful answer: states, fields and errors that the endpoint cannot get into by itself. */
  readonly rewrite?: (call: CallInfo, answer: unknown) => unknown;
}
