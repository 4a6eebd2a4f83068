import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import type { Script } from '../../src/local/testing/scriptedExecutor.ts';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import { type Lab, settled, startLab } from '../local/lab.ts';

/**
 * Several accounts and regions behind one address, as AWS is: an embedded endpoint for each, told apart by the region and the
 * key that a request is signed with. Roles of the accounts can be assumed; counts and records of production are scripted.
 */
export interface FleetWorld {
  readonly url: string;
  readonly places: readonly WorldPlace[];
  /** By operation, of everything that came in. */
  readonly calls: readonly WorldCall[];
  close(): Promise<void>;
}

export interface WorldCall {
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  readonly atMs: number;
  /** When the answer was sent or broken off. */
  endedAtMs?: number;
}

interface WorldPlace {
  readonly accountId: string;
  readonly region: string;
  readonly lab: Lab;
}

interface WorldFunction {
  readonly functionName: string;
  readonly memoryMb?: number;
  readonly tags?: Readonly<Record<string, string>>;
  /** In the period that is asked for; 0 by default. */
  readonly invocations?: number;
  readonly meanMs?: number;
  /** `sqs`, … */
  readonly eventSource?: string;
  readonly members?: Partial<CreateFunctionCommandInput>;
}

export interface WorldOptions {
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  /** Accounts whose roles nobody may assume. */
  readonly closedAccounts?: readonly string[];
  /** Operations that are refused everywhere. */
  readonly denied?: readonly string[];
  readonly functionsOf: (accountId: string, region: string) => readonly WorldFunction[];
  readonly script?: Script;
  readonly testing?: Partial<TestingOptions>;
  readonly concurrentExecutions?: number;
}

const ownAccount = '111111111111';

export async function startFleetWorld(options: WorldOptions): Promise<FleetWorld> {
  const { accounts = [ownAccount], regions = ['us-east-1'], closedAccounts = [] } = options;
  const places: (WorldPlace & { readonly functions: ReadonlyMap<string, WorldFunction> })[] = [];
  const calls: WorldCall[] = [];
  const keys = new Map<string, string>();
  for (const accountId of accounts) {
    for (const region of regions) {
      const lab = await startLab({
        accountId,
        region,
        ...(options.script === undefined ? {} : { script: options.script }),
        ...(options.concurrentExecutions === undefined ? {} : { concurrentExecutions: options.concurrentExecutions }),
        testing: {
          ...settled,
          unmarked: true,
          admission: 'off',
          otherArchitectures: { arm64: { durationFactor: 0.9 } },
          ...options.testing,
        },
      });
      const functions = new Map<string, WorldFunction>();
      for (const one of options.functionsOf(accountId, region)) {
        await lab.create({
          FunctionName: one.functionName,
          MemorySize: one.memoryMb ?? 1024,
          ...(one.tags === undefined ? {} : { Tags: { ...one.tags } }),
          ...one.members,
        });
        functions.set(one.functionName, one);
      }
      places.push({ accountId, region, lab, functions });
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const signed = /Credential=([^/,\s]+)\/\d+\/([a-z0-9-]+)\//.exec(request.headers.authorization ?? '');
    const accountId = keys.get(signed?.[1] ?? '') ?? accounts[0] ?? '';
    const region = signed?.[2] ?? regions[0] ?? '';
    const target =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    const path = (request.url ?? '').split('?')[0] ?? '';
    const isSts = path === '/' && target === '';
    const operation =
      target !== ''
        ? target
        : isSts
          ? 'STS'
          : path.includes('event-source-mappings')
            ? 'ListEventSourceMappings'
            : `${request.method} ${path}`;
    const call: WorldCall = { operation, accountId, region, atMs: Date.now() };
    calls.push(call);
    response.on('close', () => {
      call.endedAtMs = Date.now();
    });
    const body = await buffer(request);
    if (options.denied?.includes(operation) === true) {
      const message = `User: arn:aws:iam::${accountId}:user/me is not authorized to perform: x:${operation}`;
      return json(
        response,
        operation === 'ListEventSourceMappings' ? 403 : 400,
        { __type: 'AccessDeniedException', message },
        'AccessDeniedException',
      );
    }
    if (isSts) {
      const asked = new URLSearchParams(body.toString('utf8'));
      if (asked.get('Action') === 'AssumeRole') {
        const role = asked.get('RoleArn') ?? '';
        const wanted = /::(\d{12}):/.exec(role)?.[1] ?? '';
        const key = `ASIA${wanted}`;
        if (closedAccounts.includes(wanted) || !accounts.includes(wanted)) {
          return xml(
            response,
            403,
            `<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::${accountId}:user/me is not authorized to perform: sts:AssumeRole on resource: ${role}</Message></Error></ErrorResponse>`,
          );
        }
        keys.set(key, wanted);
        return xml(
          response,
          200,
          `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        );
      }
    }
    const place = places.find((one) => one.accountId === accountId && one.region === region);
    if (place === undefined) {
      return json(
        response,
        400,
        { __type: 'UnrecognizedClientException', message: 'The security token is invalid.' },
        'UnrecognizedClientException',
      );
    }
    if (operation === 'GetMetricData')
      return json(response, 200, metricsOf(JSON.parse(body.toString('utf8')), place.functions));
    if (operation === 'ListAccountsForParent' || operation === 'ListOrganizationalUnitsForParent') {
      const { ParentId } = JSON.parse(body.toString('utf8'));
      return json(response, 200, organizationOf(operation, ParentId, [...accounts, ...closedAccounts]));
    }
    if (operation === 'ListEventSourceMappings') {
      const EventSourceMappings = [...place.functions.values()]
        .filter(({ eventSource }) => eventSource !== undefined)
        .map(({ functionName, eventSource }) => ({
          UUID: functionName,
          FunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
          EventSourceArn: `arn:aws:${eventSource}:${region}:${accountId}:queue`,
          State: 'Enabled',
        }));
      return json(response, 200, { EventSourceMappings });
    }
    if (operation === 'FilterLogEvents' || operation === 'DescribeLogGroups') {
      const asked = JSON.parse(body.toString('utf8'));
      const scripted = logsOf(operation, asked, place.functions);
      if (scripted !== undefined) return json(response, 200, scripted);
    }
    forward(request, body, place.lab.endpoint.url, response);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    places,
    calls,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { lab } of places) await lab.close();
    },
  };
}

/** The first account in the unit itself, the others in a unit below it, with one that is suspended. */
function organizationOf(operation: string, parentId: string, [first = '', ...others]: readonly string[]): object {
  const isTop = parentId === 'ou-ab12-11111111';
  if (operation === 'ListOrganizationalUnitsForParent') {
    return { OrganizationalUnits: isTop ? [{ Id: 'ou-ab12-22222222', Name: 'below' }] : [] };
  }
  const active = (Id: string) => ({ Id, Name: `account ${Id}`, Status: 'ACTIVE' });
  return {
    Accounts: isTop ? [active(first)] : [...others.map(active), { Id: '999999999999', Status: 'SUSPENDED' }],
  };
}

interface AskedMetric {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

/** The whole of it in the first step. */
function metricsOf(
  asked: { readonly MetricDataQueries: readonly AskedMetric[]; readonly StartTime: number },
  functions: ReadonlyMap<string, WorldFunction>,
): object {
  return {
    MetricDataResults: asked.MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => {
      const name = Metric.Dimensions.find((one) => one.Name === 'FunctionName')?.Value ?? '';
      const { invocations = 0, meanMs = 100 } = functions.get(name) ?? {};
      const value =
        invocations === 0
          ? undefined
          : Metric.MetricName === 'Invocations'
            ? invocations
            : Metric.MetricName === 'Duration'
              ? meanMs
              : undefined;
      return value === undefined
        ? { Id, Timestamps: [], Values: [], StatusCode: 'Complete' }
        : { Id, Timestamps: [asked.StartTime], Values: [value], StatusCode: 'Complete' };
    }),
    Messages: [],
  };
}

/** A log group for each function that was called; in every stretch that is read some records of it. */
function logsOf(
  operation: string,
  asked: { readonly logGroupName?: string; readonly logGroupNamePrefix?: string; readonly startTime?: number },
  functions: ReadonlyMap<string, WorldFunction>,
): object | undefined {
  const group = asked.logGroupName ?? asked.logGroupNamePrefix ?? '';
  const one = functions.get(group.replace('/aws/lambda/', ''));
  if (one === undefined || one.invocations === undefined) return undefined;
  if (operation === 'DescribeLogGroups') {
    return { logGroups: [{ logGroupName: group, storedBytes: 1e6, creationTime: 0, logGroupClass: 'STANDARD' }] };
  }
  const meanMs = one.meanMs ?? 100;
  return {
    events: [0, 1, 2, 3].map((nth) => ({
      timestamp: (asked.startTime ?? 0) + nth,
      logStreamName: `2026/11/20/[$LATEST]${'a'.repeat(32)}`,
      message: `REPORT RequestId: 00000000-0000-4000-8000-${String((asked.startTime ?? 0) + nth)
        .padStart(12, '0')
        .slice(
          -12,
        )}\tDuration: ${meanMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(meanMs)} ms\tMemory Size: ${one.memoryMb ?? 1024} MB\tMax Memory Used: 120 MB\t\n`,
    })),
  };
}

function forward(request: IncomingMessage, body: Buffer, url: string, response: ServerResponse): void {
  const { port } = new URL(url);
  const headers = { ...request.headers, host: `127.0.0.1:${port}` };
  const sent = httpRequest(
    { host: '127.0.0.1', port, method: request.method, path: request.url, headers },
    (answered) => {
      response.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(response);
    },
  );
  sent.on('error', () => response.destroy());
  response.on('close', () => sent.destroy());
  sent.end(body);
}

function json(response: ServerResponse, status: number, content: object, type?: string): void {
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      ...(type === undefined ? {} : { 'x-amzn-errortype': type }),
    })
    .end(JSON.stringify(content));
}

function xml(response: ServerResponse, status: number, content: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(content);
}
