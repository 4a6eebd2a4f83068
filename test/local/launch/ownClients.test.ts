import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOwnClient } from '../../../src/local/launch/ownClients.ts';
import { executorFor, invoke, payloadOf, specOf } from '../execution.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-clients-test-'));
  for (const name of ['java', 'ruby', 'dotnet']) put(`bin/${name}`, '#!/bin/sh\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  chmodSync(join(folder, path), 0o755);
}

async function commandOf(runtime: string, handler: string, files: readonly string[]) {
  mkdirSync(join(folder, 'code'));
  for (const file of files) put(`code/${file}`);
  const client = await findOwnClient(runtime, join(folder, 'bin'));
  const command = await client?.command({ handler, memoryMb: 512, codeFolder: join(folder, 'code') });
  return command?.map((part) => part.replace(folder, ''));
}

describe('functions that bring their own runtime interface client', () => {
  it('start Java with the jars of the package', async () => {
    const files = ['lib/aws-lambda-java-runtime-interface-client-2.6.0.jar', 'lib/other.jar', 'example/Handler.class'];
    expect(await commandOf('java21', 'example.Handler::handleRequest', files)).toEqual([
      '/bin/java',
      '-Xmx409m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      '.:lib/*',
      'com.amazonaws.services.lambda.runtime.api.client.AWSLambda',
      'example.Handler::handleRequest',
    ]);
  });

  it('start Java with the classes of a jar that holds all', async () => {
    const files = ['com/amazonaws/services/lambda/runtime/api/client/AWSLambda.class'];
    expect((await commandOf('java17', 'a.B', files))?.slice(4)).toEqual([
      '-cp',
      '.',
      'com.amazonaws.services.lambda.runtime.api.client.AWSLambda',
      'a.B',
    ]);
  });

  it('start Ruby with the gem of the package', async () => {
    const gem = 'vendor/bundle/ruby/3.3.0/gems/aws_lambda_ric-3.0.0';
    expect(await commandOf('ruby3.3', 'app.handler', [`${gem}/bin/aws_lambda_ric`, `${gem}/lib/x.rb`])).toEqual([
      '/bin/ruby',
      '-I',
      '.',
      '-I',
      `${gem}/lib`,
      `${gem}/bin/aws_lambda_ric`,
      'app.handler',
    ]);
  });

  it('start an executable assembly of .NET', async () => {
    const files = ['Orders.dll', 'Orders.runtimeconfig.json', 'Amazon.Lambda.RuntimeSupport.dll'];
    expect(await commandOf('dotnet8', 'Orders', files)).toEqual(['/bin/dotnet', 'Orders.dll']);
  });

  it.each([
    ['java21', 'a.B', ['lib/other.jar'], /aws-lambda-java-runtime-interface-client/],
    ['ruby3.3', 'app.handler', ['app.rb'], /aws_lambda_ric/],
    [
      'dotnet8',
      'Orders::Orders.Function::Handle',
      ['Orders.dll', 'Amazon.Lambda.RuntimeSupport.dll'],
      /OutputType Exe/,
    ],
  ])('of %s are refused without one, and told how to get it', async (runtime, handler, files, remedy) => {
    const refused = commandOf(runtime, handler, files);
    await expect(refused).rejects.toThrow(
      /cannot be run locally: the package has no runtime interface client of its own/,
    );
    await expect(refused).rejects.toThrow(remedy);
  });

  it.each([
    ['java17', 'echo \'openjdk version "17.0.15" 2025-04-15\' >&2', undefined],
    ['java8.al2', 'echo \'java version "1.8.0_402"\' >&2', undefined],
    ['java21', 'echo \'openjdk version "17.0.15" 2025-04-15\' >&2', 'Java 17'],
    ['ruby3.3', 'echo ruby 3.3.9p1', undefined],
    ['ruby3.3', 'echo ruby 3.1.2p20', 'Ruby 3.1'],
    ['dotnet8', 'printf "Microsoft.NETCore.App 6.0.1 [/]\\nMicrosoft.NETCore.App 8.0.2 [/]\\n"', undefined],
    ['dotnet10', 'printf "Microsoft.NETCore.App 6.0.1 [/]\\nMicrosoft.NETCore.App 8.0.2 [/]\\n"', '.NET 6 and 8'],
    ['ruby3.3', 'exit 1', undefined],
  ])('of %s say where the machine has another version', async (runtime, script, otherVersion) => {
    put(`bin/${/^[a-z]+/.exec(runtime)?.[0]}`, `#!/bin/sh\n${script}\n`);
    expect((await findOwnClient(runtime, join(folder, 'bin')))?.otherVersion).toBe(otherVersion);
  });

  it('are refused where the language is not installed', async () => {
    await expect(findOwnClient('ruby3.3', join(folder, 'code'))).rejects.toThrow(
      'Runtime ruby3.3 cannot be run locally: there is no ruby in PATH. Install it, and add aws_lambda_ric to its Gemfile',
    );
  });

  it('are no others', async () => {
    expect(await findOwnClient('go1.x', join(folder, 'bin'))).toBeUndefined();
  });

  it('are called as any other', async () => {
    // The client of the gem, played by a shell script that serves one call.
    const gem = 'vendor/bundle/ruby/3.3.0/gems/aws_lambda_ric-3.0.0';
    put('bin/ruby', '#!/bin/sh\nshift 4\nclient=$1\nshift\nexec /bin/sh "$client" "$@"\n');
    put(
      `code/${gem}/bin/aws_lambda_ric`,
      `api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
       id=$(curl -sS -D - -o /dev/null $api/next | sed -n 's/^Lambda-Runtime-Aws-Request-Id: *//Ip' | tr -d '\\r\\n')
       curl -sS -o /dev/null $api/$id/response -d "[\\"$1\\", \\"$GEM_PATH\\"]"
       curl -sS -o /dev/null $api/next`,
    );
    const path = process.env.PATH;
    process.env.PATH = `${join(folder, 'bin')}:${path}`;
    const executor = await executorFor('auto', folder);
    process.env.PATH = path;
    const spec = { codeFolder: join(folder, 'code'), runtime: 'ruby3.3', handler: 'app.handler' };
    const environment = await executor.start(specOf('', spec));
    const answer = payloadOf(await invoke(environment));
    await executor.close();
    expect(answer).toEqual(['app.handler', expect.stringContaining('/vendor/bundle/ruby/3.3.0:/opt/ruby/gems/3.3.0')]);
  });
});
