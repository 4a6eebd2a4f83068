import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';

/** What CloudFormation would refuse in a template, by the specification of its resources: properties, types, what refers to nothing. */

type Spec = Awaited<ReturnType<typeof loadAwsServiceSpec>>;
type Properties =
  ReturnType<Spec['get']> extends infer Entity
    ? Entity extends { readonly properties: infer Found }
      ? Found
      : never
    : never;
type PropertyType = Properties[string]['type'];
type Value = unknown;
type Mapping = Readonly<Record<string, Value>>;

export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string }>>;
  readonly Conditions?: Mapping;
  readonly Resources: Readonly<Record<string, Mapping>>;
  readonly Outputs?: Readonly<Record<string, Mapping>>;
}

const resourceKeys = [
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];

export async function openTemplateProblems(): Promise<(template: Template) => readonly string[]> {
  const spec = await loadAwsServiceSpec();
  return (template) => [
    ...Object.entries(template.Resources).flatMap(([id, resource]) => resourceProblems(spec, id, resource, template)),
    ...referencesIn(template.Resources).concat(referencesIn(template.Outputs)).flatMap(unknownIn(template)),
  ];
}

function resourceProblems(spec: Spec, id: string, resource: Mapping, { Conditions = {} }: Template): readonly string[] {
  const { Type, Properties: given = {}, Condition } = resource;
  const found = spec.lookup('resource', 'cloudFormationType', 'equals', String(Type));
  if (found.length !== 1) return [`${id}: there is no resource ${Type}`];
  return [
    ...Object.keys(resource).flatMap((key) => (resourceKeys.includes(key) ? [] : [`${id}: ${key} is not known`])),
    ...(Condition === undefined || String(Condition) in Conditions ? [] : [`${id}: no condition ${Condition}`]),
    ...propertiesProblems(spec, given, found.only().properties, id),
  ];
}

function propertiesProblems(spec: Spec, given: Value, known: Properties, path: string): readonly string[] {
  if (!isMapping(given)) return [`${path} is no object`];
  return [
    ...Object.entries(known).flatMap(([name, { required }]) =>
      required === true && given[name] === undefined ? [`${path}.${name} is missing`] : [],
    ),
    ...Object.entries(given).flatMap(([name, value]) => {
      const property = known[name];
      return property === undefined
        ? [`${path}.${name} is not known`]
        : problems(spec, value, property.type, `${path}.${name}`);
    }),
  ];
}

function problems(spec: Spec, value: Value, type: PropertyType, path: string): readonly string[] {
  if (isFunction(value)) return [];
  const wants = (holds: boolean) => (holds ? [] : [`${path} is no ${type.type}`]);
  switch (type.type) {
    case 'string':
    case 'date-time':
      return wants(['string', 'number', 'boolean'].includes(typeof value));
    case 'number':
    case 'integer':
      return wants(typeof value === 'number');
    case 'boolean':
      return wants(typeof value === 'boolean');
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((one, nth) => problems(spec, one, type.element, `${path}[${nth}]`))
        : wants(false);
    case 'map':
      return isMapping(value)
        ? Object.entries(value).flatMap(([key, one]) => problems(spec, one, type.element, `${path}.${key}`))
        : wants(false);
    case 'ref':
      return propertiesProblems(spec, value, spec.get('typeDefinition', type.reference).properties, path);
    case 'union': {
      const each = type.types.map((one) => problems(spec, value, one, path));
      return each.some(({ length }) => length === 0) ? [] : (each.at(-1) ?? []);
    }
    case 'json':
      return wants(isMapping(value) || typeof value === 'string');
    default:
      return [];
  }
}

/** Names that Ref, Fn::GetAtt, Fn::Sub and DependsOn are about. */
function referencesIn(value: Value): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isMapping(value)) return [];
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value;
  if (typeof Ref === 'string') return [Ref];
  if (Array.isArray(attribute)) return [String(attribute[0])];
  if (typeof text === 'string') return [...text.matchAll(/\$\{([^}!]+)\}/g)].map(([, name = '']) => name);
  return Object.values(value).flatMap(referencesIn);
}

function unknownIn({ Resources, Parameters = {} }: Template): (name: string) => readonly string[] {
  return (name) =>
    name.startsWith('AWS::') || name in Resources || name in Parameters ? [] : [`nothing is called ${name}`];
}

function isFunction(value: Value): boolean {
  const [key, ...others] = isMapping(value) ? Object.keys(value) : [];
  return key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
}

function isMapping(value: Value): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
