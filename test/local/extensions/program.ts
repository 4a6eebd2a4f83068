import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes files into a new folder below another; executable are those in extensions/ and bin/, and bootstraps. */
export function folderOf(parent: string, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(parent, 'files-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    if (/^(?:extensions|bin)\/|^bootstrap$/.test(name)) chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/**
 * An external extension in Node.js. Its `main` has `register(events, headers)`, `next()`, `subscribe(api, body)`, `call(method,
 * path, headers, body)`, `sleep(ms)`, `busy(ms)` and `listen(port, onEvents)`; what it prints is its log.
 */
export function extension(main: string): string {
  return `#!${process.execPath}
const http = require('node:http');
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
let me = {};
const call = (method, path, headers = {}, body = undefined) => new Promise((resolve, reject) => {
  const sent = http.request({ host, port, method, path, headers: { ...me, ...headers } }, (answer) => {
    let text = '';
    answer.on('data', (chunk) => { text += chunk; });
    answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: text === '' ? '' : JSON.parse(text) }));
  });
  sent.on('error', reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
});
const register = async (events, headers = {}) => {
  const name = require('node:path').basename(__filename);
  const answer = await call('POST', '/2020-01-01/extension/register', { 'Lambda-Extension-Name': name, ...headers }, { events });
  me = { 'Lambda-Extension-Identifier': answer.headers['lambda-extension-identifier'] };
  return answer;
};
const next = async () => (await call('GET', '/2020-01-01/extension/event/next')).body;
const paths = { telemetry: '/2022-07-01/telemetry', logs: '/2020-08-15/logs' };
const subscribe = (api, body) => call('PUT', paths[api], {}, body);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const busy = (ms) => { const end = process.cpuUsage().user + ms * 1000; while (process.cpuUsage().user < end); };
const listen = (port, onEvents) => new Promise((resolve) => http.createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => { text += chunk; });
  request.on('end', () => { onEvents(JSON.parse(text)); response.end(); });
}).listen(port, 'sandbox.localdomain', resolve));
(async () => {
${main}
})();
`;
}

/** Goes on until the end, saying what it gets. */
export const loop = `for (;;) {
  const event = await next();
  console.log('got', JSON.stringify(event));
  if (event.eventType === 'SHUTDOWN') process.exit(0);
}`;
