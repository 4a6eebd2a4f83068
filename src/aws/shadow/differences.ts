import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { type ShadowContext, warn } from './context.ts';
import { shadowTags } from './shadowRequest.ts';

/** How the copies differ from the function, as far as only the first of them shows it. */
export function tellDifferences(context: ShadowContext, copy: FunctionConfiguration): void {
  const snapshot = context.source.reveal();
  const theirs = snapshot.configuration.RuntimeVersionConfig?.RuntimeVersionArn;
  const ours = copy.RuntimeVersionConfig?.RuntimeVersionArn;
  if (theirs !== undefined && ours !== undefined && theirs !== ours) {
    warn(
      context,
      'runtimeVersion',
      'The function runs another build of its runtime than the copies do, so small differences may come from that.',
    );
  }
  const { left } = shadowTags({ snapshot, run: context.run, changes: context.options });
  if (left.length > 0) warn(context, 'tags', `Tags of the function that the copies do not have: ${left.join(', ')}.`);
}
