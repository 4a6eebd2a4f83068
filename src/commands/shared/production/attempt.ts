import { TuneError } from '../../../base/errors.ts';

interface Attempt<T> {
  readonly value?: T | undefined;
  readonly failure?: TuneError | undefined;
}

/** What may not or cannot be read leaves the rest readable. */
export async function attempt<T>(read: () => Promise<T | undefined>): Promise<Attempt<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    // Without them nothing else is readable either.
    if (!(error instanceof TuneError) || error.code === 'CREDENTIALS' || error.code === 'UNREACHABLE') throw error;
    return { failure: error };
  }
}
