import { z } from 'zod';
import { text, writtenAs } from './written.ts';

/** What AWS names, as it names it: layers, roles, sessions, regions. */

const layerArn = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:layer:[\w-]+:\d+$/;

export const layerArns = () =>
  z
    .preprocess(
      (raw: string | readonly string[]) => (typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw),
      z.array(z.string().regex(layerArn, 'must be ARNs of layer versions')).max(5),
    )
    .register(writtenAs, {
      anyOf: [
        { type: 'array', maxItems: 5, items: text(layerArn) },
        // One text with commas; which ARNs there may be in it is told by the program.
        text(/^\s*arn:/),
      ],
    });

const rolePattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
export const roleArn = () =>
  z.string().regex(rolePattern, 'must be the ARN of a role such as arn:aws:iam::123456789012:role/tune');
/** As STS takes it. */
export const externalId = () =>
  z.string().regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1,224 letters, digits or any of +=,.@:/-_');
export const sessionName = () =>
  z.string().regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 letters, digits or any of +=,.@-_');

const regionName = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
export const region = () => z.string().regex(regionName, 'must be a region such as eu-central-1');
export const regions = () =>
  z.preprocess((raw: string | readonly string[]) => (typeof raw === 'string' ? [raw] : raw), z.array(region()).min(1));
/** `a,b`, or `all`. */
export const regionList = () =>
  z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .refine(
      (list) => (list.length === 1 && list[0] === 'all') || list.every((one) => regionName.test(one)),
      'must be regions such as eu-west-1,us-east-1, or all',
    );

const roleName = /^[\w+=,.@/-]{1,512}$/;
/** ARNs, or the name of a role that every account has. */
export const roles = () =>
  z
    .string()
    .transform((text) => text.split(/,(?=arn:)/).map((one) => one.trim()))
    .refine(
      (list) => list.every((one) => rolePattern.test(one)) || (list.length === 1 && roleName.test(list[0] ?? '')),
      'must be ARNs of roles, or with --accounts the name of one',
    );
