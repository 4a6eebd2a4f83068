import { permanentServerErrors } from '../client/retry.ts';

/**
 * What an exception of Invoke means. Function errors are not among them: those are answers.
 * `uncertain`: the function may have run. `gone`: the shadow or its version does not exist.
 */
export type InvokeErrorClass = 'throttled' | 'notReady' | 'permanent' | 'gone' | 'payload' | 'quota' | 'uncertain';

/** The exceptions of the API model's Invoke (client-lambda 3.1164.0); `permanentServerErrors` are added to them. */
const classes: Readonly<Record<string, InvokeErrorClass>> = {
  TooManyRequestsException: 'throttled',
  ResourceNotReadyException: 'notReady',
  ResourceConflictException: 'notReady',
  SnapStartNotReadyException: 'notReady',
  SnapStartTimeoutException: 'notReady',
  SnapStartRegenerationFailureException: 'notReady',
  ENINotReadyException: 'notReady',
  EC2ThrottledException: 'notReady',
  CodeArtifactUserPendingException: 'notReady',
  EFSMountTimeoutException: 'notReady',
  EFSMountConnectivityException: 'notReady',
  S3FilesMountTimeoutException: 'notReady',
  S3FilesMountConnectivityException: 'notReady',
  ResourceNotFoundException: 'gone',
  RequestTooLargeException: 'payload',
  SerializedRequestEntityTooLargeException: 'payload',
  InvalidRequestContentException: 'payload',
  UnsupportedMediaTypeException: 'payload',
  ServiceQuotaExceededException: 'quota',
  CodeArtifactUserDeletedException: 'permanent',
  CodeArtifactUserFailedException: 'permanent',
  DurableExecutionAlreadyStartedException: 'permanent',
  EFSIOException: 'permanent',
  EFSMountFailureException: 'permanent',
  S3FilesMountFailureException: 'permanent',
  InvalidParameterValueException: 'permanent',
  ModeNotSupportedException: 'permanent',
  NoPublishedVersionException: 'permanent',
  RecursiveInvocationException: 'permanent',
  ResourceInUseException: 'permanent',
  SnapStartException: 'permanent',
  ServiceException: 'uncertain',
};

export function classOf(name: string, status: number): InvokeErrorClass {
  if (permanentServerErrors.has(name)) return 'permanent';
  const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
  if (known !== undefined) return known;
  if (status === 429) return 'throttled';
  // The front end answers so when it cannot pass the request on [infer].
  if (status === 503) return 'notReady';
  return status >= 500 || status < 400 ? 'uncertain' : 'permanent';
}
