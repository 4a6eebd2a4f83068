import {
  type BuildPlace,
  type Definition,
  type Neighbour,
  type Property,
  properties,
  type Setting,
} from '../definition/definition.ts';
import { oneLine } from '../definition/places.ts';
import { namePatternOf } from '../formats/namePattern.ts';
import { type HclBlock, hclBlocks } from './hclBlocks.ts';
import { attributeOf, textOf, writtenIn } from './hclValues.ts';
import { loopOf } from './loop.ts';
import { provisionedSetting } from './provisioned.ts';
import { type Owner, settingIn } from './settingIn.ts';
import { ofModule, ofResource } from './spellings.ts';

/** Functions of a file of Terraform: the resource, and the module that most people take instead of it. */

/** Undefined: it cannot be read. */
export function functionsOfTerraform(
  source: string,
  neighbours: readonly Neighbour[],
): readonly Definition[] | undefined {
  const blocks = hclBlocks(source);
  if (blocks === undefined) return undefined;
  return blocks.flatMap((block): readonly Definition[] => {
    const [first = '', second = ''] = block.labels;
    if (block.type === 'resource' && first === 'aws_lambda_function') {
      const owner = { source, block, path: ['resource', first, second, '0'], neighbours };
      const settingOf = (property: Property): Setting =>
        property === 'provisionedConcurrency'
          ? provisionedSetting(owner, blocks)
          : settingIn(owner, ofResource[property]);
      return [definitionOf(source, block, `aws_lambda_function.${second}`, settingOf)];
    }
    if (block.type === 'module' && isLambdaModule(source, block)) {
      const owner = { source, block, path: ['module', first, '0'], neighbours };
      return [definitionOf(source, block, `module.${first}`, (property) => moduleSetting(owner, property))];
    }
    return [];
  });
}

/** The module itself; of its own modules none makes a function. */
function isLambdaModule(source: string, block: HclBlock): boolean {
  const from = textOf(source, block, 'source') ?? '';
  return /(?:^|\/)terraform-aws-modules\/(?:terraform-aws-)?lambda\b(?!.*\/\/modules\/)/.test(from);
}

function moduleSetting(owner: Owner, property: Property): Setting {
  const setting = settingIn(owner, ofModule[property]);
  const isPublished = writtenIn(owner.source, owner.block, 'publish') === 'true';
  if (property !== 'provisionedConcurrency' || setting.kind !== 'absent' || isPublished) return setting;
  return { ...setting, because: 'the module publishes no version (publish = true)', splice: () => undefined };
}

function definitionOf(
  source: string,
  block: HclBlock,
  select: string,
  settingOf: (property: Property) => Setting,
): Definition {
  const name = writtenIn(source, block, 'function_name');
  const functionName = textOf(source, block, 'function_name');
  const loop = loopOf(source, block);
  return {
    format: 'Terraform',
    select,
    at: block.at,
    functionName,
    namePattern:
      name?.startsWith('"') === true && functionName === undefined ? namePatternOf(name.slice(1, -1)) : undefined,
    handler: textOf(source, block, 'handler'),
    codePath: textOf(source, block, 'source_path'),
    settings: Object.fromEntries(
      properties.map((property) => [property, loop ?? settingOf(property)]),
    ) as Definition['settings'],
    builds: buildsOf(source, block),
  };
}

function buildsOf(source: string, block: HclBlock): readonly BuildPlace[] {
  const place = (kind: BuildPlace['kind'], name: string): readonly BuildPlace[] => {
    const attribute = attributeOf(block, name);
    return attribute === undefined
      ? []
      : [{ at: attribute.at, kind, text: oneLine(source.slice(attribute.at, attribute.end)) }];
  };
  return [
    ...place('layers', 'layers'),
    ...place('image', 'image_uri'),
    ...place('package', 'filename'),
    ...place('package', 'source_path'),
    ...place('buildMethod', 'build_in_docker'),
    ...place('package', 's3_key'),
  ];
}
