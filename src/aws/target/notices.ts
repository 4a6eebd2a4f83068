import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Warning } from '../../model/warning.ts';
import { quoteService } from '../client/quote.ts';
import { fieldsNotCopied } from './notCopied.ts';

/** Variables and layers of tools that report what a function does to somewhere else. */
const telemetryVariables = /^(?:DD|SENTRY|OTEL|POWERTOOLS|NEW_RELIC|LUMIGO|DT|HONEYCOMB|SPLUNK|ELASTIC_APM|INSTANA)_/;
const telemetryLayers =
  /datadog|newrelic|new-relic|sentry|opentelemetry|otel|adot|lumigo|dynatrace|honeycomb|splunk|powertools|lambdainsights|elastic-apm|instana/i;

export interface NoticeInput {
  readonly configuration: FunctionConfiguration;
  readonly tags: Readonly<Record<string, string>>;
  readonly tagsUnreadable: boolean;
  /** Of a weighted alias: its name and the other versions with their shares. */
  readonly alias?: { readonly name: string; readonly others: Readonly<Record<string, number>> } | undefined;
  readonly reservedConcurrency?: number | undefined;
  readonly provisionedConcurrency: boolean;
  /** The runtime version that the target is pinned to. */
  readonly pinnedRuntimeArn?: string | undefined;
  /** The customer key that encrypts its package. */
  readonly sourceKeyArn?: string | undefined;
  /** Lambda does not stop it when it calls itself. */
  readonly allowsRecursion: boolean;
  readonly codeSigningUnreadable: boolean;
  readonly accountUnreadable: boolean;
  readonly urlUnreadable: boolean;
}

/** What is worth saying before anything is created. Names of variables and layers only, never values. */
export function noticesOf(input: NoticeInput): readonly Warning[] {
  const { configuration } = input;
  const notices: Warning[] = [];
  const say = (code: string, text: string) => notices.push({ code, text });

  if (input.alias && Object.keys(input.alias.others).length > 0) {
    const others = Object.entries(input.alias.others).map(
      ([version, weight]) => `${Math.round(weight * 100)} % to version ${version}`,
    );
    say(
      'weightedAlias',
      `The alias ${input.alias.name} also sends ${others.join(' and ')}; version ${configuration.Version} is measured.`,
    );
  }
  const fed = telemetryOf(configuration);
  if (fed.length > 0) {
    say(
      'telemetry',
      `The copies report to the same places as the function itself (${fed.join(', ')}): metrics and alarms will see them, licences may count them. --env overlays their environment, for instance --env POWERTOOLS_METRICS_DISABLED=true.`,
    );
  }
  if ((configuration.VpcConfig?.SubnetIds ?? []).length > 0) {
    say(
      'vpc',
      'The function runs in a VPC: creating copies takes a minute or so, and network interfaces that Lambda makes for them may stay for 20 minutes or more after the copies are gone. They cost nothing.',
    );
  }
  if ((configuration.FileSystemConfigs ?? []).length > 0) {
    say('fileSystem', 'Every copy mounts the same file system as the function and can write to it.');
  }
  if (input.provisionedConcurrency) {
    say(
      'provisionedConcurrency',
      'The function has provisioned concurrency; the copies have none, and the prices shown are on-demand prices.',
    );
  }
  if (input.reservedConcurrency !== undefined) {
    say(
      'reservedConcurrency',
      `The function reserves a concurrency of ${input.reservedConcurrency}; no more calls than that are in flight at once.`,
    );
  }
  if (configuration.SnapStart?.ApplyOn === 'PublishedVersions') {
    say(
      'snapStart',
      'SnapStart is on: taking a snapshot of each copy takes minutes, and outside Java each costs a cache charge of at least 3 hours.',
    );
  }
  if (input.pinnedRuntimeArn !== undefined) {
    say('pinnedRuntime', 'The function is pinned to a runtime version; its copies run the current one.');
  }
  if (input.sourceKeyArn !== undefined) {
    say(
      'sourceKey',
      `Its package is encrypted with a key of yours (${quoteService(input.sourceKeyArn)}), and so are those of its copies: you need kms:Decrypt and kms:GenerateDataKey on it, and a policy of the key that names the function leaves the copies out.`,
    );
  }
  if (input.allowsRecursion) {
    say(
      'recursiveLoop',
      'The function may call itself without end (RecursiveLoop: Allow); its copies may not: Lambda stops them after about 16 calls in a circle.',
    );
  }
  if (input.codeSigningUnreadable) {
    say(
      'codeSigning',
      'Whether the function demands signed code may not be read (lambda:GetFunctionCodeSigningConfig); its copies do not.',
    );
  }
  if (input.tagsUnreadable) say('tags', "The function's tags may not be read (lambda:ListTags) and are not copied.");
  if (input.accountUnreadable) {
    say(
      'accountSettings',
      'The account settings may not be read (lambda:GetAccountSettings): free concurrency and code storage are not known.',
    );
  }
  if (input.urlUnreadable) {
    say(
      'functionUrl',
      'Whether the function has a URL that streams may not be read (lambda:GetFunctionUrlConfig): if it does, --stream measures it so.',
    );
  }
  for (const { field, why } of fieldsNotCopied(configuration)) say('notCopied', `Not copied: ${field} (${why}).`);
  return notices;
}

function telemetryOf(configuration: FunctionConfiguration): readonly string[] {
  const variables = Object.keys(configuration.Environment?.Variables ?? {}).filter((name) =>
    telemetryVariables.test(name),
  );
  const layers = (configuration.Layers ?? []).flatMap(({ Arn: arn }) => {
    const name = arn?.split(':')[6];
    return name !== undefined && telemetryLayers.test(name) ? [`layer ${name}`] : [];
  });
  return [...variables.map((name) => `variable ${name}`), ...layers];
}
