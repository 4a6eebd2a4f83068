import { describe, expect, it } from 'vitest';
import { scoreFiles } from '../../bench/check/baselineFile.ts';

describe('a check with a baseline file on x86_64, by simulation', () => {
  const ordinary = { files: 1, withinCv: 0.05, runCv: 0.008 };

  it('decides on unchanged code, and hardly ever calls it regressed', () => {
    const { shares } = scoreFiles({ ...ordinary, scale: 1 }, 200, 1);
    // 200 runs find 10 % give or take 4.
    expect(shares.inconclusive).toBeLessThanOrEqual(0.12);
    expect(shares.regressed).toBeLessThanOrEqual(0.02);
  });

  it('decides where calls scatter by 10 %, too: files and checks take as many as they need', () => {
    const scattered = { ...ordinary, withinCv: 0.1 };
    // 4.5 and 87.5 % of 200 runs, give or take what so few runs do.
    expect(scoreFiles({ ...scattered, scale: 1 }, 60, 1).shares.inconclusive).toBeLessThanOrEqual(0.12);
    expect(scoreFiles({ ...scattered, scale: 1.1 }, 40, 1).shares.regressed).toBeGreaterThanOrEqual(0.75);
  });

  it('finds +10 %', () => {
    expect(scoreFiles({ ...ordinary, scale: 1.1 }, 120, 1).shares.regressed).toBeGreaterThanOrEqual(0.82);
  });

  it('does not take hours that differ by 2 % for a regression, once several files say so', () => {
    const { shares } = scoreFiles({ ...ordinary, files: 4, runCv: 0.02, scale: 1 }, 40, 1);
    expect(shares.regressed).toBeLessThanOrEqual(0.05);
  });
});

describe('a check with a baseline file on arm64, by simulation', () => {
  it('goes on until the kinds of hosts are told, where calls scatter by 10 %, too', { timeout: 240_000 }, () => {
    const arm = { files: 1, withinCv: 0.1, runCv: 0.008, architecture: 'arm64' as const };
    const same = scoreFiles({ ...arm, scale: 1 }, 30, 1).shares;
    // 89 of 100 stayed open while a check ended as soon as the belief of 7 % was out of reach.
    expect(same.inconclusive).toBeLessThanOrEqual(0.3);
    expect(same.regressed).toBeLessThanOrEqual(0.04);
  });
});
