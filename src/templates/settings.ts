import { type Architecture, architectures } from '../model/configuration.ts';
import { type Given, isUnresolved, isValueList, isValueMap, type Unresolved, unresolved, type Value } from './value.ts';

/** Typed settings of resolved values: what is of another kind than it must be is not known, either. */

export function textSetting(value: Value): Given<string> | undefined {
  if (value === undefined || isUnresolved(value) || typeof value === 'string') return value;
  return unresolved('no text');
}

export function numberSetting(value: Value): Given<number> | undefined {
  if (value === undefined || isUnresolved(value)) return value;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : unresolved('no whole number');
}

export function architectureSetting(value: Value): Given<Architecture> | undefined {
  if (value === undefined || isUnresolved(value)) return value;
  return architectures.find((one) => one === value) ?? unresolved('neither x86_64 nor arm64');
}

/** The only item of a list, as `Architectures` is one. */
export function onlyItem(value: Value): Value {
  if (!isValueList(value)) return value;
  return value.length === 1 ? value[0] : unresolved(`a list of ${value.length}`);
}

export function variablesSetting(value: Value): Given<Readonly<Record<string, Given<string>>>> {
  if (isUnresolved(value)) return value;
  if (!isValueMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const text = textSetting(one);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

export function memberOf(value: Value, key: string): Value {
  if (isUnresolved(value)) return value satisfies Unresolved;
  return isValueMap(value) ? value[key] : undefined;
}
