// Runs one invocation as whatever user this process is, and prints what came of it.
import { executorFor, invoke, payloadOf, specOf } from '../execution.ts';

const [codeFolder = '', temporaryFolder] = process.argv.slice(2);
const executor = await executorFor('auto', temporaryFolder);
const environment = await executor.start(specOf('', { codeFolder }));
const result = await invoke(environment);
await environment.stop();
await executor.close();
const notices = executor.notices().map(({ code }) => code);
process.stdout.write(JSON.stringify({ payload: payloadOf(result), notices }));
