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

function targetsOfConfig(words, folder) {
  try {
    const file = resolve(folder, optionValue(words, '--config') ?? 'tune.config.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    const entries = Array.isArray(config.functions) ? config.functions : [];
    return [config, ...entries].flatMap((one) => [one.function, one.against]);
  } catch {
    return [];
  }
}
