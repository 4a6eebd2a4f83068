import type { Emission } from './emission.ts';

/** What one container is to do: the project's build reads it from its environment. */
type ContainerTask = 'plan' | 'measure' | 'merge' | 'clean';

type States = Readonly<Record<string, object>>;

/** A lease ends by itself: what is removed then is nobody's any more. */
const leaseSeconds = 4 * 3600;

const execution = '$$.Execution.Name';

/** `${Builds}`, `${Bucket}` are filled in by the template. */
export function fleetMachine({ shards }: Emission): object {
  return {
    Comment: 'Plans, measures one function in each container, merges; what fails is cleaned up',
    StartAt: 'Plan',
    States: {
      Plan: {
        ...build('plan', { sources: [], to: { Path: 'plan', 'Name.$': execution } }),
        ResultPath: null,
        Catch: caught,
        Next: 'Measure',
      },
      Measure: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSON' },
          Parameters: { Bucket: '${Bucket}', 'Key.$': `States.Format('plan/{}/items.json', ${execution})` },
        },
        ItemSelector: {
          'functionArn.$': '$$.Map.Item.Value.functionArn',
          'name.$': '$$.Map.Item.Value.name',
          'maxSpendUsd.$': '$$.Map.Item.Value.maxSpendUsd',
          'execution.$': execution,
        },
        MaxConcurrency: shards,
        // A function that fails is a row of the portfolio; where most do, something else is wrong.
        ToleratedFailurePercentage: 50,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'MeasureOne',
          States: {
            MeasureOne: {
              ...build('measure', {
                sources: [{ identifier: 'plan', from: "States.Format('{}/plan/{}/', '${Bucket}', $.execution)" }],
                to: { 'Path.$': "States.Format('runs/{}', $.execution)", 'Name.$': '$.name' },
                variables: [
                  { Name: 'FUNCTION_ARN', 'Value.$': '$.functionArn', Type: 'PLAINTEXT' },
                  { Name: 'MAX_SPEND_USD', 'Value.$': '$.maxSpendUsd', Type: 'PLAINTEXT' },
                ],
              }),
              End: true,
            },
          },
        },
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Parameters: { Bucket: '${Bucket}', Prefix: 'results' },
        },
        ResultPath: null,
        Catch: caught,
        Next: 'Merge',
      },
      Merge: {
        ...build('merge', {
          sources: [{ identifier: 'runs', from: `States.Format('{}/runs/{}/', '\${Bucket}', ${execution})` }],
          to: { Path: 'portfolio', 'Name.$': execution },
        }),
        ResultPath: null,
        End: true,
      },
      ...cleaningUp('Failed'),
      Failed: {
        Type: 'Fail',
        Error: 'TuneFleetFailed',
        Cause: 'See the builds of this execution. What they left behind was removed.',
      },
    },
  };
}

/** An execution that is stopped runs none of its own states any more: this one is started for it. */
export function cleanupMachine(): object {
  return {
    Comment: 'Removes what a stopped execution left behind, when its leases have ended',
    StartAt: 'WaitForLeases',
    States: { ...cleaningUp('Cleaned'), Cleaned: { Type: 'Succeed' } },
  };
}

const caught = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'WaitForLeases' }];

function cleaningUp(next: string): States {
  return {
    WaitForLeases: { Type: 'Wait', Seconds: leaseSeconds, Next: 'CleanUp' },
    CleanUp: { ...build('clean', { sources: [] }), ResultPath: null, Next: next },
  };
}

interface Build {
  readonly sources: readonly { readonly identifier: string; readonly from: string }[];
  /** The folder of the bucket that its files go to; none: it makes none. */
  readonly to?: object;
  readonly variables?: readonly object[];
}

function build(step: ContainerTask, { sources, to, variables = [] }: Build): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::codebuild:startBuild.sync',
    Parameters: {
      ProjectName: '${Builds}',
      EnvironmentVariablesOverride: [{ Name: 'STEP', Value: step, Type: 'PLAINTEXT' }, ...variables],
      SecondarySourcesOverride:
        sources.length === 0
          ? undefined
          : sources.map(({ identifier, from }) => ({ Type: 'S3', SourceIdentifier: identifier, 'Location.$': from })),
      ArtifactsOverride:
        to === undefined
          ? { Type: 'NO_ARTIFACTS' }
          : { Type: 'S3', Location: '${Bucket}', NamespaceType: 'NONE', Packaging: 'NONE', ...to },
    },
    // Nothing was started: it is asked for again. What ran and failed is not run twice by itself.
    Retry: [
      {
        ErrorEquals: ['CodeBuild.AccountLimitExceededException'],
        IntervalSeconds: 30,
        MaxAttempts: 20,
        BackoffRate: 1.5,
        MaxDelaySeconds: 600,
      },
    ],
  };
}
