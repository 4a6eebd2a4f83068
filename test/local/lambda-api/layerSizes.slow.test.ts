import {
  PublishLayerVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Lab, settled, startLab, zipOf } from '../lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab({ testing: settled });
});
afterEach(() => lab.close());

async function layer(LayerName: string, ZipFile: Buffer): Promise<string> {
  const published = await lab.lambda.send(new PublishLayerVersionCommand({ LayerName, Content: { ZipFile } }));
  return published.LayerVersionArn ?? '';
}

it('counts the code and its layers together against 250 MB, wherever either changes', async () => {
  const [one, two] = [await layer('one', await megabytes(100)), await layer('two', await megabytes(101))];
  const words =
    /combined with layers exceeds the maximum allowed size of 262144000 bytes\. The actual size is \d+ bytes/;
  const refused = { name: 'InvalidParameterValueException', message: expect.stringMatching(words) };
  const Code = { ZipFile: await megabytes(60) };
  await expect(lab.create({ Code, Layers: [one, two] })).rejects.toMatchObject(refused);
  await lab.create({ Code, Layers: [one] });
  const change = { FunctionName: 'orders', Layers: [one, two] };
  await expect(lab.lambda.send(new UpdateFunctionConfigurationCommand(change))).rejects.toMatchObject(refused);
  await lab.create({ FunctionName: 'small', Layers: [one, two] });
  const code = new UpdateFunctionCodeCommand({ FunctionName: 'small', ...Code });
  await expect(lab.lambda.send(code)).rejects.toMatchObject(refused);
});

/** Small once it is zipped. */
function megabytes(count: number): Promise<Buffer> {
  return zipOf({ 'index.mjs': 'export const handler = async () => 1;', model: ' '.repeat(count * 1024 * 1024) });
}
