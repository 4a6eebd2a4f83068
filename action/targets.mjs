// What a run measured, read from its arguments and its config file: a folder leaves nothing in an account.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** `--region eu-west-1`, `--region=eu-west-1` and `-f orders`, as the command line reads them. */
export function optionValue(words, ...names) {
  for (const [index, word] of words.entries()) {
    if (names.includes(word)) return words[index + 1];
    const name = names.find((one) => one.startsWith('--') && word.startsWith(`${one}=`));
    if (name !== undefined) return word.slice(name.length + 1);
  }
  return undefined;
}

/** Whether everything that was measured are folders and packages on the runner. Where that is not known: no. */
export function isLocal(words, folder) {
  const named = [optionValue(words, '--function', '-f'), optionValue(words, '--against')];
  const targets = (named[0] === undefined ? [...targetsOfConfig(words, folder), named[1]] : named).filter(
    (name) => name !== undefined,
  );
  return targets.length > 0 && targets.every(isPath);
}

/** As `tune` itself tells them apart: a function in AWS has no slash in its name. */
function isPath(name) {
  return !name.startsWith('arn:') && (/[/\\]/.test(name) || name.startsWith('.') || name.endsWith('.zip'));
}

/** Of a check that says nothing of it: what could not be decided warns, and breaks nobody's build. What is written holds. */
export function onInconclusive(words, folder) {
  const isSaid =
    optionValue(words, '--on-inconclusive') !== undefined || configOf(words, folder)?.onInconclusive !== undefined;
  return words[0] === 'check' && !isSaid ? ['--on-inconclusive', 'warn'] : [];
}

/** Undefined where there is none, or it cannot be read: `tune` itself says what is wrong with it. */
function configOf(words, folder) {
  try {
    return JSON.parse(readFileSync(resolve(folder, optionValue(words, '--config') ?? 'tune.config.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function targetsOfConfig(words, folder) {
  const config = configOf(words, folder);
  if (typeof config !== 'object' || config === null) return [];
  const entries = Array.isArray(config.functions) ? config.functions : [];
  return [config, ...entries].flatMap((one) => [one?.function, one?.against]);
}
