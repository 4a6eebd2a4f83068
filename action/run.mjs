// What the steps of the action share. Plain files without dependencies: what is checked in is what runs.
import { appendFileSync, existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** An input of the action; the runner hands `working-directory` on as `INPUT_WORKING-DIRECTORY`. */
export function input(name, fallback = '') {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim() || fallback;
}

export function paths() {
  const folder = resolve(process.env.GITHUB_WORKSPACE ?? process.cwd(), input('working-directory', '.'));
  const cli = resolve(folder, input('cli', 'node_modules/lambda-tune/bin/tune.js'));
  return { folder, cli, isThere: existsSync(cli) };
}

/** Appends `name=value` to a file that the runner reads (GITHUB_OUTPUT, GITHUB_STATE). */
export function tell(variable, name, value) {
  const file = process.env[variable];
  if (file) appendFileSync(file, `${name}=${value}\n`);
}

export function fail(message) {
  command('error', message);
  process.exitCode = 1;
}

export function warn(message) {
  command('warning', message);
}

export function say(message) {
  command('notice', message);
}

/** Names of functions and what a service said may hold anything: it stays one line of text. */
function command(kind, message) {
  const text = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  process.stdout.write(`::${kind} title=tune::${text}\n`);
}

/** Words as a shell reads them: blanks part them, quotes keep them together. Nothing is expanded or run. */
export function words(text) {
  const found = text.matchAll(/(?:[^\s"']|"(?:\\.|[^"\\])*"|'[^']*')+/g);
  return [...found].map(([word]) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double, single) => single ?? double.replace(/\\(.)/g, '$1')),
  );
}
