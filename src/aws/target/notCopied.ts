import type { FunctionConfiguration } from '@aws-sdk/client-lambda';

/** What of the target's configuration its shadows do without, and why. */
export function fieldsNotCopied(target: FunctionConfiguration): readonly NotCopied[] {
  const fields: NotCopied[] = [];
  if (target.DeadLetterConfig?.TargetArn) {
    fields.push({
      field: 'dead-letter queue',
      why: 'only asynchronous calls use it, and failures of copies must not land there',
    });
  }
  if (
    target.LoggingConfig?.LogFormat === 'JSON' &&
    target.LoggingConfig.SystemLogLevel !== undefined &&
    target.LoggingConfig.SystemLogLevel !== 'INFO'
  ) {
    fields.push({
      field: `system log level ${target.LoggingConfig.SystemLogLevel}`,
      why: 'INFO is needed for the report of every call',
    });
  }
  return fields;
}
export interface NotCopied {
  readonly field: string;
  readonly why: string;
}
