import { recordOf } from '../../base/keys.ts';
import {
  type BuildPlace,
  type Definition,
  type Neighbour,
  type Property,
  properties,
  type Setting,
} from '../definition/definition.ts';
import { oneLine } from '../definition/places.ts';
import { escaped, namePatternOf } from '../formats/namePattern.ts';
import { type HclBlock, hclBlocks } from './hclBlocks.ts';
import { attributeOf, textOf, writtenIn } from './hclValues.ts';
import { loopOf } from './loop.ts';
import { loopOfCallers, type TerraformFile, terraformFile } from './module.ts';
import { givenTexts } from './origin.ts';
import { provisionedSetting } from './provisioned.ts';
import { settingIn, type TerraformOwner } from './settingIn.ts';
import { ofModule, ofResource } from './spellings.ts';

/** Functions of a file of Terraform: the resource, and the module that most people take instead of it. */

/** Undefined: it cannot be read. */
export function functionsOfTerraform(
  name: string,
  source: string,
  neighbours: readonly Neighbour[],
): readonly Definition[] | undefined {
  const file = terraformFile(name, source, neighbours);
  const blocks = hclBlocks(source);
  if (blocks === undefined) return undefined;
  return blocks.flatMap((block): readonly Definition[] => {
    const [first = '', second = ''] = block.labels;
    if (block.type === 'resource' && first === 'aws_lambda_function') {
      const owner = { file, block, path: ['resource', first, second, '0'] };
      const settingOf = (property: Property): Setting =>
        property === 'provisionedConcurrency'
          ? provisionedSetting(owner, blocks)
          : settingIn(owner, ofResource[property]);
      return [definitionOf(file, block, `aws_lambda_function.${second}`, settingOf)];
    }
    if (block.type === 'module' && isLambdaModule(source, block)) {
      const owner = { file, block, path: ['module', first, '0'] };
      return [definitionOf(file, block, `module.${first}`, (property) => moduleSetting(owner, property))];
    }
    return [];
  });
}

/** The module itself; of its own modules none makes a function. */
function isLambdaModule(source: string, block: HclBlock): boolean {
  const from = textOf(source, block, 'source') ?? '';
  return /(?:^|\/)terraform-aws-modules\/(?:terraform-aws-)?lambda\b(?!.*\/\/modules\/)/.test(from);
}

function moduleSetting(owner: TerraformOwner, property: Property): Setting {
  const setting = settingIn(owner, ofModule[property]);
  const isPublished = writtenIn(owner.file.source, owner.block, 'publish') === 'true';
  if (property !== 'provisionedConcurrency' || setting.kind !== 'absent' || isPublished) return setting;
  return { ...setting, because: 'the module publishes no version (publish = true)', splice: () => undefined };
}

function definitionOf(
  file: TerraformFile,
  block: HclBlock,
  select: string,
  settingOf: (property: Property) => Setting,
): Definition {
  const { source } = file;
  const name = writtenIn(source, block, 'function_name') ?? '';
  const given = givenTexts(name, file);
  const functionName = textOf(source, block, 'function_name') ?? (given.length === 1 ? given[0] : undefined);
  const loop = loopOf(source, block) ?? loopOfCallers(file, block.at);
  return {
    format: 'Terraform',
    select,
    at: block.at,
    functionName,
    namePattern:
      given.length > 1
        ? new RegExp(`^(?:${given.map(escaped).join('|')})$`)
        : name.startsWith('"') && functionName === undefined
          ? namePatternOf(name.slice(1, -1))
          : undefined,
    handler: textOf(source, block, 'handler'),
    codePath: codePathOf(file, block),
    settings: recordOf(properties, (property) => loop ?? settingOf(property)),
    builds: buildsOf(source, block),
  };
}

/** A folder, or a file, of the resource itself or of the archive that it is made of. */
function codePathOf({ source }: TerraformFile, block: HclBlock): string | undefined {
  const plain = (within: HclBlock, name: string) =>
    /^"(?:\$\{path\.(?:module|root|cwd)\}\/)?([^"\\$%\n]*)"$/.exec(writtenIn(source, within, name) ?? '')?.[1];
  const archive = /^data\.archive_file\.([\w-]+)\./.exec(writtenIn(source, block, 'filename') ?? '')?.[1];
  const made = archive && hclBlocks(source)?.find(({ labels }) => labels.join('.') === `archive_file.${archive}`);
  if (made) return plain(made, 'source_dir') ?? plain(made, 'source_file');
  return plain(block, 'source_path') ?? plain(block, 'filename');
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
    ...place('buildMethod', 'docker_image'),
    ...place('buildMethod', 'docker_additional_options'),
    ...place('package', 's3_key'),
  ];
}
