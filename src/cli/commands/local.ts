import type { CliCommand } from './command.ts';

export const local: CliCommand = {
  name: 'local',
  description: 'run functions here, reloaded when files change',
  argument: {
    name: 'function',
    description: './folder, ./package.zip, ./index.mjs, template.yaml (all its functions) or template.yaml#Function',
    several: true,
  },
  examples: [
    ['tune local ./fn --function-url', 'a folder, with a URL'],
    ['tune local template.yaml --env TABLE_NAME=orders', 'all functions of a template'],
    ['tune local --port 9001 --region eu-central-1', 'the empty endpoint'],
    ['tune -f fn --endpoint-url http://127.0.0.1:9001', 'measures there'],
  ],
  async load() {
    const { runLocal } = await import('../../commands/local/local.ts');
    return ({ words, flags, io }) => runLocal(words, flags, io);
  },
};
