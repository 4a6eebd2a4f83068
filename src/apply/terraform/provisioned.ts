import type { Setting } from '../definition/definition.ts';
import { lineAt } from '../definition/places.ts';
import { type HclBlock, hclBlocks } from './hclBlocks.ts';
import { textOf, writtenIn } from './hclValues.ts';
import { loopOf } from './loop.ts';
import { settingIn, type TerraformOwner } from './settingIn.ts';
import { provisionedConcurrency } from './spellings.ts';

const type = 'aws_lambda_provisioned_concurrency_config';

/** Of a resource beside the function, which names the function or an alias of it. */
export function provisionedSetting(owner: TerraformOwner, blocks: readonly HclBlock[]): Setting {
  const { file, block } = owner;
  const { source, neighbours } = file;
  const own = configsOf(owner, source, blocks);
  const [only, ...more] = own;
  if (only !== undefined && more.length === 0) {
    const path = ['resource', type, only.labels[1] ?? '', '0'];
    return loopOf(source, only) ?? settingIn({ file, block: only, path }, provisionedConcurrency);
  }
  if (only !== undefined) {
    return {
      kind: 'fixed',
      at: only.at,
      expression: own.map(({ labels }) => labels.join('.')).join(', '),
      because: 'several resources provision it',
    };
  }
  const elsewhere = neighbours.flatMap(({ file: other, text }) =>
    configsOf(owner, text, hclBlocks(text) ?? [])
      .slice(0, 1)
      .map(({ at }) => `it is written in ${other}:${lineAt(text, at)}`),
  );
  return { kind: 'absent', at: block.at, because: elsewhere[0], splice: () => undefined };
}

function configsOf(
  { file: { source }, block }: TerraformOwner,
  text: string,
  blocks: readonly HclBlock[],
): readonly HclBlock[] {
  const address = `aws_lambda_function.${block.labels[1] ?? ''}`;
  const name = textOf(source, block, 'function_name');
  const resources = (wanted: string) => blocks.filter(({ labels }) => labels[0] === wanted);
  const namesOne = (one: HclBlock, addresses: readonly string[]) => {
    const written = writtenIn(text, one, 'function_name') ?? '';
    return (
      addresses.some((each) => new RegExp(`(?:^|[^\\w.-])${each}[.[]`).test(written)) ||
      (name !== undefined && textOf(text, one, 'function_name') === name)
    );
  };
  const aliases = resources('aws_lambda_alias')
    .filter((one) => namesOne(one, [address]))
    .map(({ labels }) => `aws_lambda_alias.${labels[1] ?? ''}`);
  return resources(type).filter((one) => namesOne(one, [address, ...aliases]));
}
