import { TuneError } from '../../base/errors.ts';

/** Against an endpoint that never stops answering with a next page. */
const mostPages = 5000;

/** Page after page until there is no token; a page may be empty and still have a next. @throws TuneError SERVICE for one that turns in a circle */
export async function repeated(
  what: string,
  page: (token: string | undefined) => Promise<string | undefined>,
): Promise<void> {
  let token: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const next = await page(token);
    if (next === undefined || next === '') return;
    if (next === token) throw new TuneError('SERVICE', `${what} answers with the same page again and again.`);
    token = next;
  }
  throw new TuneError('SERVICE', `${what} does not come to an end: ${mostPages} pages were read.`);
}
