import { CreateAliasCommand, PublishVersionCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, settled, startLab } from '../lab.ts';

/** As Lambda's service model has them; sent by hand, because clients refuse some of them by themselves. */
describe('what is refused as on Lambda', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ testing: settled });
    const { FunctionName = '' } = await lab.create();
    await lab.lambda.send(new PublishVersionCommand({ FunctionName }));
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 }));
    await lab.lambda.send(new PublishVersionCommand({ FunctionName }));
    await lab.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  });
  afterAll(() => lab.close());

  const arn = encodeURIComponent('arn:aws:lambda:us-east-1:000000000000:function:orders:live');
  const weights = (AdditionalVersionWeights: object) => ({ RoutingConfig: { AdditionalVersionWeights } });
  const invocations = '/2015-03-31/functions/orders/invocations';

  it.each([
    ['GET', '/2015-03-31/functions/orders?Qualifier=a%20b', {}, undefined, 'ValidationException'],
    ['POST', invocations, { 'x-amz-invocation-type': 'Later' }, {}, 'InvalidParameterValueException'],
    ['POST', invocations, { 'x-amz-log-type': 'Head' }, {}, 'InvalidParameterValueException'],
    ['PUT', '/2015-03-31/functions/orders/aliases/live', {}, weights({ 1: 0.5 }), 'InvalidParameterValueException'],
    [
      'PUT',
      '/2015-03-31/functions/orders/aliases/live',
      {},
      weights({ 2: 0.2, $LATEST: 0.2 }),
      'InvalidParameterValueException',
    ],
    ['GET', `/2017-03-31/tags/${arn}`, {}, undefined, 'InvalidParameterValueException'],
    ['POST', `/2017-03-31/tags/${arn}`, {}, { Tags: { a: 'b' } }, 'InvalidParameterValueException'],
    ['DELETE', `/2017-03-31/tags/${arn}?tagKeys=a`, {}, undefined, 'InvalidParameterValueException'],
  ])('%s %s %j %j: %s', async (method, path, headers, body, type) => {
    const answer = await fetch(`${lab.endpoint.url}${path}`, {
      method,
      headers: { ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([400, type]);
  });
});
