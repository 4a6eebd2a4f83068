import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { jsonOf } from '../../text/jsonOf.ts';
import type { Agent, Agents, Refusal } from './agents.ts';
import { accept, readBytes, refuse, reply } from './answers.ts';
import { parseSubscription } from './subscription.ts';
import type { Telemetry } from './telemetry.ts';
import type { SubscriptionApi } from './telemetryEvents.ts';

/** What the Extensions API, version 2020-01-01, is served from, and who hears of what it was told. */
export interface ExtensionApi {
  readonly agents: Agents;
  readonly telemetry: Telemetry;
  /** Of the function, as a registration is answered. */
  readonly about: { readonly functionName: string; readonly functionVersion: string; readonly handler: string };
  readonly accountId: string;
  /** An extension registered or waits for an event. */
  changed(): void;
  /** An extension said that it cannot go on. Its process is expected to exit. */
  failed(when: 'InitError' | 'ExitError'): void;
}

/** The Extensions, Telemetry and Logs API, on the address of the Runtime API. Undefined for paths that are none of theirs. */
export function serveExtensionApi(
  api: ExtensionApi,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | undefined {
  const path = (request.url ?? '').replace(/\/$/, '');
  switch (`${request.method} ${path}`) {
    case 'POST /2020-01-01/extension/register':
      return register(api, request, response);
    case 'GET /2020-01-01/extension/event/next':
      return withAgent(api, request, response, (agent) => next(api, agent, response));
    case 'POST /2020-01-01/extension/init/error':
      return fail(api, 'InitError', request, response);
    case 'POST /2020-01-01/extension/exit/error':
      return fail(api, 'ExitError', request, response);
    case 'PUT /2022-07-01/telemetry':
      return withAgent(api, request, response, (agent) => subscribe(api, agent, 'telemetry', request, response));
    case 'PUT /2020-08-15/logs':
      return withAgent(api, request, response, (agent) => subscribe(api, agent, 'logs', request, response));
    default:
      return undefined;
  }
}

/** What is null is as if it were not there. */
const registration = z
  .object({ events: z.array(z.string()).nullish(), configurationKeys: z.array(z.string()).nullish() })
  .nullable();

async function register(api: ExtensionApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await bodyText(request);
  const name = headerOf(request, 'lambda-extension-name');
  if (name === '') return refused(response, 'Extension.InvalidExtensionName', 'Empty extension name');
  const asked = registration.safeParse(jsonOf(text));
  if (!asked.success) return refused(response, 'InvalidRequestFormat', asked.error.issues[0]?.message ?? '');
  if ((asked.data?.configurationKeys ?? []).length > 0) {
    const message = 'configurationKeys are deprecated; use environment variables instead';
    return refused(response, 'InvalidRequestFormat', message);
  }
  const agent = api.agents.register(name, asked.data?.events ?? []);
  if ('errorMessage' in agent) return refuse(response, 403, agent);
  const features = headerOf(request, 'lambda-extension-accept-feature').split(',');
  const wantsAccount = features.some((feature) => feature.trim() === 'accountId');
  const about = wantsAccount ? { accountId: api.accountId, ...api.about } : api.about;
  reply(response, 200, about, { 'Lambda-Extension-Identifier': agent.id });
  api.changed();
}

/** Runs for the extension that the request names. */
async function withAgent(
  { agents }: ExtensionApi,
  request: IncomingMessage,
  response: ServerResponse,
  act: (agent: Agent) => void | Promise<void>,
): Promise<void> {
  const id = identifierOf(request);
  if (typeof id !== 'string') return refuse(response, 403, id);
  const agent = agents.find(id);
  if (agent === undefined) return refused(response, 'Extension.UnknownExtensionIdentifier', `Unknown extension ${id}`);
  return act(agent);
}

function identifierOf(request: IncomingMessage): string | Refusal {
  const id = headerOf(request, 'lambda-extension-identifier');
  if (id === '') {
    const errorMessage = 'Missing Lambda-Extension-Identifier header';
    return { errorType: 'Extension.MissingExtensionIdentifier', errorMessage };
  }
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) return id.toLowerCase();
  return { errorType: 'Extension.InvalidExtensionIdentifier', errorMessage: 'Invalid Lambda-Extension-Identifier' };
}

function next({ agents, changed }: ExtensionApi, agent: Agent, response: ServerResponse): void {
  let isAnswered = false;
  const refusal = agents.next(agent, (event) => {
    isAnswered = true;
    reply(response, 200, event, { 'Lambda-Extension-Event-Identifier': randomUUID() });
  });
  if (refusal !== undefined) {
    refuse(response, 403, refusal);
    return;
  }
  response.once('close', () => {
    if (!isAnswered) agents.giveUp(agent);
  });
  changed();
}

/** What is wrong with the request comes before who it is. */
async function fail(
  { agents, failed }: ExtensionApi,
  when: 'InitError' | 'ExitError',
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await bodyText(request);
  const id = identifierOf(request);
  if (typeof id !== 'string') return refuse(response, 403, id);
  const header = 'Lambda-Extension-Function-Error-Type';
  const errorType = headerOf(request, header.toLowerCase());
  if (errorType === '') return refused(response, 'Extension.MissingHeader', `${header} not found`);
  const agent = agents.find(id);
  if (agent === undefined) {
    return refused(response, 'Extension.UnknownExtensionIdentifier', 'Unknown Lambda-Extension-Identifier');
  }
  const refusal = agents.fail(agent, when, errorType);
  if (refusal !== undefined) return refuse(response, 403, refusal);
  failed(when);
  accept(response);
}

async function subscribe(
  { telemetry }: ExtensionApi,
  agent: Agent,
  which: SubscriptionApi,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await bodyText(request);
  if (telemetry.isClosed()) {
    const [type, name] = which === 'telemetry' ? ['Telemetry', 'Telemetry API'] : ['Logs', 'Logs API'];
    return refused(response, `${type}.SubscriptionClosed`, `${name} subscription is closed`);
  }
  const before = telemetry.apiOf(agent.name);
  const subscription =
    before === undefined || before === which
      ? parseSubscription(which, text)
      : 'The extension is subscribed to the other of Telemetry API and Logs API already.';
  if (typeof subscription === 'string') {
    return refuse(response, 400, { errorType: 'ValidationError', errorMessage: subscription });
  }
  telemetry.subscribe(agent.name, subscription);
  reply(response, 200, 'OK');
}

function refused(response: ServerResponse, errorType: string, errorMessage: string): void {
  const refusal: Refusal = { errorType, errorMessage };
  refuse(response, 403, refusal);
}

async function bodyText(request: IncomingMessage): Promise<string> {
  return (await readBytes(request, 1024 * 1024))?.toString('utf8') ?? '';
}

function headerOf(request: IncomingMessage, name: string): string {
  const header = request.headers[name];
  return typeof header === 'string' ? header : '';
}
