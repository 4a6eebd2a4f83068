import { z } from 'zod';
import { type ApiRequest, jsonAnswer, parseJsonBody, type WireAnswer } from '../http/wire.ts';
import { functionArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';

/** GetResources of the tagging API, for functions alone: nothing else here is asked for by its tags. */

const resourcesBody = z.object({
  ResourceTypeFilters: z.array(z.string()).nullish(),
  ResourcesPerPage: z.int().min(1).max(100).nullish(),
  TagFilters: z
    .array(z.object({ Key: z.string(), Values: z.array(z.string()).nullish() }))
    .max(50)
    .nullish(),
  PaginationToken: z.string().nullish(),
});

export function getResources(service: Service, request: ApiRequest): WireAnswer {
  const asked = parseJsonBody(resourcesBody, request.body);
  const types = asked.ResourceTypeFilters ?? [];
  const hasFunctions = types.length === 0 || types.some((type) => type === 'lambda' || type === 'lambda:function');
  const filters = asked.TagFilters ?? [];
  const matching = [...service.functions.values()].filter(
    ({ tags }) =>
      Object.keys(tags).length > 0 &&
      filters.every(({ Key, Values }) => {
        const value = tags[Key];
        return value !== undefined && (Values == null || Values.length === 0 || Values.includes(value));
      }),
  );
  const start = Number(asked.PaginationToken || 0);
  const size = asked.ResourcesPerPage ?? 100;
  const page = hasFunctions ? matching.slice(start, start + size) : [];
  const isMore = hasFunctions && start + size < matching.length;
  return jsonAnswer(
    200,
    {
      PaginationToken: isMore ? String(start + size) : '',
      ResourceTagMappingList: page.map(({ functionName, tags }) => ({
        ResourceARN: functionArn(service.account, functionName),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      })),
    },
    { 'content-type': 'application/x-amz-json-1.1' },
  );
}
