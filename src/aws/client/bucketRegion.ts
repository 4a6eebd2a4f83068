import { isNamed, serviceError } from './failure.ts';

/**
 * S3 answers 301 (or 400, to a signature for the wrong region) when the bucket is in another region. Nothing was done then,
 * and nothing that this client sent before can have been done.
 */
export function isOfOtherRegion(error: unknown): boolean {
  return (
    serviceError(error).status === 301 ||
    isNamed(
      error,
      'PermanentRedirect',
      'TemporaryRedirect',
      'AuthorizationHeaderMalformed',
      'IllegalLocationConstraintException',
    )
  );
}

/** As the answer's header, or the words of the error, name it. */
export function regionOfBucket(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const named = headerOf(error) ?? ('Region' in error ? error.Region : undefined);
  const region = typeof named === 'string' ? named : /expecting '([^']+)'/.exec(error.message)?.[1];
  return region !== undefined && /^[a-z]{2,4}(?:-[a-z]+)+-\d$/.test(region) ? region : undefined;
}

function headerOf(error: Error): unknown {
  const response = '$response' in error ? error.$response : undefined;
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  return typeof headers === 'object' && headers !== null && 'x-amz-bucket-region' in headers
    ? headers['x-amz-bucket-region']
    : undefined;
}
