import { TuneError } from '../../base/errors.ts';
import type { AwsCall } from './call.ts';
import { denialCause, denialHints } from './denialCause.ts';
import { actionsOf } from './permissions.ts';
import { quoteService } from './quote.ts';

/**
 * Which IAM action on which resource is missing, and what refuses it. AWS usually says it (`… is not authorized to perform:
 * <action> on resource: <arn> …`); where it does not, the table says what the call may need. Its own words are always quoted.
 */
export function deniedError(message: string, call: AwsCall): TuneError {
  const cause = denialCause(message);
  const words = quoteService(message, call.secrets);
  const said = words === '' ? '' : ` AWS says: ${words}`;
  if (cause === 'imageAccess') {
    return new TuneError('ACCESS_DENIED', `Lambda may not read the image of ${call.resource}.${said}`, {
      hint: denialHints.imageAccess,
    });
  }
  if (cause === 'role') {
    return new TuneError('ACCESS_DENIED', `Lambda may not take the role of ${call.resource}.${said}`, {
      hint: denialHints.role,
    });
  }
  const { action, resource } = missingPermission(message);
  const actions = actionsOf(call.operation);
  const missing = action ?? (actions.length === 1 ? actions[0] : `one of ${actions.join(', ')}`) ?? call.operation;
  return new TuneError('ACCESS_DENIED', `Not allowed: ${missing} on ${resource ?? call.resource}.${said}`, {
    hint: denialHints[cause],
  });
}

export interface MissingPermission {
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  /** A policy on the resource itself (a layer's permission, a bucket policy) is what does not allow it. */
  readonly resourceBased: boolean;
}

/** Strict, because the text is not ours: anything that does not look like an action or an ARN is left out. */
export function missingPermission(message: string): MissingPermission {
  const action = /not authorized to perform:? ([a-z0-9-]{2,40}:[A-Za-z]{2,80})(?![\w:])/.exec(message)?.[1];
  const resource = /on resource:? ([\x21-\x7e]{1,300}?)(?=[\s.,]*(?:$|\s))/.exec(message)?.[1];
  return {
    action,
    resource,
    resourceBased: /resource-based policy/.test(message),
  };
}
