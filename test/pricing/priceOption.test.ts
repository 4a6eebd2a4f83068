import { describe, expect, it } from 'vitest';
import { parsePriceOption } from '../../src/pricing/priceOption.ts';

describe('parsePriceOption', () => {
  it('prices a region that the table does not know', () => {
    expect(parsePriceOption('x86_64=0.00002, arm64=1.6e-5,request=0.00000025', 'mx-central-1')).toEqual({
      region: 'mx-central-1',
      gbSecondUsd: { x86_64: 0.00002, arm64: 0.000016 },
      requestUsd: { x86_64: 0.00000025, arm64: 0.00000025 },
      source: 'option',
      asOf: 'given',
      confidence: 'given',
    });
  });

  it('takes ephemeral storage and SnapStart from the table where it knows the region', () => {
    const costModel = parsePriceOption('x86_64=0.00001,arm64=0.000008,request=0.0000002', 'us-east-1');
    expect(costModel.ephemeralStorageGbSecondUsd).toEqual({ x86_64: 3.09e-8, arm64: 3.09e-8 });
    expect(costModel.snapStart?.minCacheHours).toBe(3);
  });

  it('does not take storage in CNY for US$', () => {
    const costModel = parsePriceOption('x86_64=0.00001,arm64=0.000008,request=0.0000002', 'cn-north-1');
    expect(costModel.ephemeralStorageGbSecondUsd).toBeUndefined();
  });

  it('takes the price of ephemeral storage', () => {
    const costModel = parsePriceOption(
      'x86_64=0.00001,arm64=0.000008,request=0.0000002,storage=0.00000003',
      'mx-central-1',
    );
    expect(costModel.ephemeralStorageGbSecondUsd).toEqual({ x86_64: 0.00000003, arm64: 0.00000003 });
  });

  it.each([
    ['', '"" is not one of its parts'],
    ['x86_64=0.00001,arm64=0.000008', 'request is missing'],
    ['x86_64=0.00001,request=0.0000002', 'arm64 is missing'],
    ['x86=0.00001,arm64=0.000008,request=0.0000002', '"x86=0.00001" is not one of its parts'],
    ['constructor=1', '"constructor=1" is not one of its parts'],
    ['x86_64=0.00001,x86_64=0.00001', 'x86_64 is given twice'],
    ['x86_64=0.00001=2', '"x86_64=0.00001=2" is not one of its parts'],
    ['x86_64=free', 'x86_64="free" is not an amount of US$'],
    ['x86_64=-1', 'x86_64="-1" is not an amount of US$'],
    ['x86_64=NaN', 'x86_64="NaN" is not an amount of US$'],
    ['x86_64=0x1', 'x86_64="0x1" is not an amount of US$'],
    ['x86_64=1e5', 'x86_64="1e5" is not an amount of US$'],
    ['x86_64=', 'x86_64="" is not an amount of US$'],
    ['x86_64=0', 'x86_64 is 0, and nothing could be compared'],
    ['request=0.20', 'request=0.20 is too much for US$ per single request'],
    ['x86_64=16.67', 'x86_64=16.67 is too much for US$ per GB-second'],
  ])('refuses "%s"', (text, reason) => {
    expect(() => parsePriceOption(text, 'us-east-1')).toThrowError(
      expect.objectContaining({ code: 'PRICE', message: `--price cannot be used: ${reason}.` }),
    );
  });
});
