import { isPreview } from '../../model/lambda/runtimes.ts';
import type { RuntimeSupport } from '../../model/preflight.ts';

/**
 * When the table was put together, from public copies of AWS's page; it could not be compared with the page itself. AWS moves these
 * dates, mostly to later ones.
 */
const runtimeDatesOf = '2026-09-25';

/** Only where they are known. */
interface Dates {
  readonly endsOn?: string;
  readonly createBlockedOn?: string;
}

/** "Deprecation date" and "Block function create" of docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html. */
const dates: Readonly<Record<string, Dates>> = {
  'nodejs24.x': { endsOn: '2028-04-30' },
  'nodejs22.x': { endsOn: '2027-04-30', createBlockedOn: '2027-06-01' },
  'nodejs20.x': { endsOn: '2026-04-30', createBlockedOn: '2026-08-31' },
  'nodejs18.x': { endsOn: '2025-09-01' },
  'nodejs16.x': { endsOn: '2024-06-12' },
  'nodejs14.x': { endsOn: '2023-12-04', createBlockedOn: '2024-01-09' },
  'nodejs12.x': { endsOn: '2023-03-31', createBlockedOn: '2023-03-31' },
  'python3.14': { endsOn: '2029-06-30' },
  'python3.13': { endsOn: '2029-06-30' },
  'python3.12': { endsOn: '2028-10-31' },
  'python3.11': { endsOn: '2027-06-30' },
  'python3.10': { endsOn: '2026-10-31' },
  'python3.9': { endsOn: '2025-12-15', createBlockedOn: '2026-08-31' },
  'python3.8': { endsOn: '2024-10-14', createBlockedOn: '2026-08-31' },
  'python3.7': { endsOn: '2023-12-04', createBlockedOn: '2024-01-09' },
  'python3.6': { endsOn: '2022-07-18', createBlockedOn: '2022-07-18' },
  java25: { endsOn: '2029-06-30' },
  java21: { endsOn: '2029-06-30' },
  'java17.al2023': { endsOn: '2029-06-30' },
  'java11.al2023': { endsOn: '2029-06-30' },
  'java8.al2023': { endsOn: '2029-06-30' },
  java17: { endsOn: '2027-06-30' },
  java11: { endsOn: '2027-06-30' },
  'java8.al2': { endsOn: '2027-06-30' },
  java8: { endsOn: '2024-01-08', createBlockedOn: '2024-02-08' },
  dotnet10: { endsOn: '2028-11-14' },
  dotnet8: { endsOn: '2026-11-10' },
  dotnet6: { endsOn: '2024-12-20' },
  'dotnetcore3.1': { endsOn: '2023-04-03', createBlockedOn: '2023-04-03' },
  'ruby4.0': { endsOn: '2029-03-31' },
  'ruby3.4': { endsOn: '2028-03-31' },
  'ruby3.3': { endsOn: '2027-03-31' },
  'ruby3.2': { endsOn: '2026-03-31' },
  'ruby2.7': { endsOn: '2023-12-07', createBlockedOn: '2024-01-09' },
  'go1.x': { endsOn: '2024-01-08', createBlockedOn: '2024-02-08' },
  'provided.al2023': { endsOn: '2029-06-30' },
  'provided.al2': {},
  provided: { endsOn: '2024-01-08', createBlockedOn: '2024-02-08' },
};

/** Whether the table has it, or it is a preview. */
export function isKnownRuntime(runtime: string): boolean {
  return isPreview(runtime) || Object.hasOwn(dates, runtime);
}

export function supportOf(runtime: string): RuntimeSupport {
  return { runtime, preview: isPreview(runtime), ...dates[runtime], tableOf: runtimeDatesOf };
}
