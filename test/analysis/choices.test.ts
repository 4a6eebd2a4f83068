import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import { around, asked, laneOf } from './analyzing.ts';

const at = (memoryMb: number) => ({ memoryMb, architecture: 'x86_64' });
const equal = (memoryMb: number) => ({ ...at(memoryMb), tie: 'equal' });
const equalInNeither = (memoryMb: number) => ({ ...at(memoryMb), tie: 'notToldApart' });
const choicesOf = (levels: Readonly<Record<number, number>>, count = 100) => {
  const lanes = Object.entries(levels).map(([memoryMb, level]) =>
    laneOf(Number(memoryMb), around(level, count), { environments: 10 }),
  );
  const { cheapest, fastest, balanced } = analyze({ ...asked, lanes });
  return { cheapest, fastest, balanced };
};

describe('choices', () => {
  it('are null when nothing was measured', () => {
    expect(choicesOf({})).toEqual({ cheapest: null, fastest: null, balanced: null });
  });

  it('name the cheapest of those that are fastest: above one vCPU a single thread gains nothing', () => {
    const { fastest } = choicesOf({ 1024: 1727, 1769: 1000, 3008: 995, 5120: 990 });
    expect(fastest).toEqual({ ...at(1769), tiedWith: [equal(5120), equal(3008)] });
  });

  it('list those tied with the cheapest from the fastest on', () => {
    const { cheapest } = choicesOf({ 128: 8000, 256: 4040, 512: 2020, 1024: 2000 });
    expect(cheapest).toEqual({ ...at(128), tiedWith: [equal(512), equal(256)] });
  });

  it('do not tie what is clearly dearer, nor what is clearly slower', () => {
    const { cheapest, fastest } = choicesOf({ 512: 1000, 1024: 800 });
    expect(cheapest).toEqual({ ...at(512), tiedWith: [] });
    expect(fastest).toEqual({ ...at(1024), tiedWith: [] });
  });

  it('tie what is dearer by more than the tolerance while chance explains it', () => {
    const lanes = [laneOf(512, [100, 140, 90, 120]), laneOf(1024, [55, 62, 70, 48])];
    // 4.9 % dearer in mean, with four samples each.
    const { cheapest } = analyze({ ...asked, lanes });
    expect(cheapest).toEqual({ ...at(512), tiedWith: [{ ...at(1024), tie: 'notToldApart' }] });
  });

  it('tie within the tolerance even where the difference is certain', () => {
    const lanes = [512, 1024].map((memoryMb) =>
      laneOf(memoryMb, around(memoryMb === 512 ? 10_000 : 5100, 400), { environments: 40 }),
    );
    expect(analyze({ ...asked, lanes }).cheapest).toEqual({ ...at(512), tiedWith: [equal(1024)] });
    expect(analyze({ ...asked, lanes, tolerance: 0.001 }).cheapest).toEqual({ ...at(512), tiedWith: [] });
  });

  it('balance by the product of cost and duration: the last size that speeds up by a larger share than it costs', () => {
    expect(choicesOf({ 512: 4000, 1024: 2000, 2048: 1300, 4096: 1200 }).balanced).toMatchObject(at(2048));
    expect(choicesOf({ 128: 1000, 512: 990, 2048: 985 }).balanced).toMatchObject(at(128));
  });

  it('balance with what is as good within the tolerance, the cheapest first', () => {
    // Products: 16 at 512 and 1,024 MB, 16.2 at 2,048, 16.7 at 3,008, 22 at 4,096.
    const { balanced } = choicesOf({ 512: 4000, 1024: 2828, 2048: 2012, 3008: 1686, 4096: 1658 });
    expect(balanced).toEqual({ ...at(1024), tiedWith: [equalInNeither(512), equalInNeither(2048)] });
  });

  it('balance calls equal only what is equal in both figures', () => {
    expect(choicesOf({ 512: 1000, 499: 1027 }).balanced).toEqual({ ...at(512), tiedWith: [equalInNeither(499)] });
    expect(choicesOf({ 512: 1000, 515: 1001 }).balanced).toEqual({ ...at(512), tiedWith: [equal(515)] });
  });

  it('name the fastest by its mean while nothing tells it apart from what is cheaper, with the calls that would', () => {
    const noisy = (level: number) =>
      Array.from({ length: 10 }, (_, index) => level * (1 + 0.08 * (((index * 7) % 5) - 2)));
    const lanes = [laneOf(1769, noisy(1000)), laneOf(3008, noisy(990))];
    const { fastest } = analyze({
      ...asked,
      lanes,
      tolerance: 0.1,
      emulation: { architectures: ['x86_64'], cpu: 'cgroup', cores: 2 },
    });
    expect(fastest).toEqual({ ...at(3008), tiedWith: [{ ...at(1769), tie: 'notToldApart', moreCalls: 15 }] });
  });

  it('of weighted payloads compare each payload with itself: a size three times as slow is never called as fast', () => {
    const payloads = [
      { name: 'small', weight: 1 },
      { name: 'big', weight: 1 },
    ];
    const lane = (memoryMb: number, factor: number) =>
      laneOf(
        memoryMb,
        Array.from({ length: 10 }, (_, index) => ({
          payload: index % 2 === 0 ? 'small' : 'big',
          durationMs: factor * (index % 2 === 0 ? 2 : 18) * (1 + 0.04 * (((index * 3) % 5) - 2)),
        })),
        { environments: 1 },
      );
    const { fastest } = analyze({ ...asked, payloads, lanes: [lane(512, 3), lane(1769, 1)] });
    expect(fastest).toEqual({ ...at(1769), tiedWith: [] });
  });
});
