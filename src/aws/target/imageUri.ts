import { partitionOf } from '../client/arn.ts';

/** `123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders/api:arm64`, or with `@sha256:…` */
const ecrUri =
  /^(?<account>\d{12})\.dkr[.-]ecr\.(?<region>[a-z0-9-]+)\.[a-z.]+\/(?<repository>[a-z0-9._/-]+?)(?::(?<tag>[\w.-]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

export interface ImageUri {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

/** Undefined for what is not in ECR, the only registry that Lambda takes images from. */
export function parseImageUri(uri: string): ImageUri | undefined {
  const { account, region, repository, tag, digest } = ecrUri.exec(uri)?.groups ?? {};
  if (account === undefined || region === undefined || repository === undefined) return undefined;
  return {
    account,
    region,
    repository,
    tag,
    digest,
  };
}

export function repositoryArn({ account, region, repository }: ImageUri): string {
  return `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${repository}`;
}
