import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Figure } from '../../bench/figure.ts';
import { rankFigures, runFigures } from '../../bench/fleet/figures.ts';
import { type FleetStage, openFleetStage } from '../../bench/fleet/stage.ts';

/** A small one of what `npm run bench:fleet` plays. Nothing of time is asserted: that is the bench's. */
describe('a fleet in two accounts and two regions, measured by one process and by four', () => {
  let stage: FleetStage;
  let figures: readonly Figure[];
  beforeAll(async () => {
    stage = await openFleetStage({ functions: 40, invokeMs: 50 });
    const quiet = () => undefined;
    figures = [...(await rankFigures(stage, 40, quiet)), ...(await runFigures(stage, { top: 8, parts: 4 }, quiet))];
  }, 600_000);
  afterAll(() => stage.close());

  it.each([
    'in flight, 4 parts together',
    'control-plane calls in a second, 4 parts',
    'spent, 4 parts',
    'spent, 4 parts under half of that',
    'left behind by all',
    'functions measured',
    'functions answered',
    'answers that one machine has otherwise',
  ])('%s', (name) => {
    const found = figures.find((figure) => figure.name === name);
    expect(found?.met, `${found?.figure}, wanted ${found?.target}: ${found?.note}`).toBe(true);
  });
});
