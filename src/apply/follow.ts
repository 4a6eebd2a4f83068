import type { BuildPlace, Definition } from './definition/definition.ts';
import { lineAt } from './definition/places.ts';
import type { Wish } from './wish.ts';

/** An architecture is more than a literal: what has to follow it, with the places where the file says so. */
export function followUps(file: string, text: string, { builds, format }: Definition, wish: Wish): readonly string[] {
  if (!wish.changes.some(({ property }) => property === 'architecture')) return [];
  const { architecture } = wish.to;
  const docker = architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  const at = (place: { readonly at: number; readonly text: string }) =>
    `${file}:${lineAt(text, place.at)} ${place.text}`;
  const words = {
    layers: `Layers have to be made for ${architecture}, or hold no native code`,
    image: `The image has to be built for ${docker} (docker build --platform ${docker})`,
    buildMethod: `The build has to make ${architecture} code`,
    bundling: `Bundling has to run for ${docker}`,
    package: undefined,
  } as const satisfies Record<BuildPlace['kind'], string | undefined>;
  const places = builds.flatMap((place) =>
    words[place.kind] === undefined ? [] : [`${words[place.kind]}: ${at(place)}`],
  );
  const findings = wish.findings
    .filter(({ blocking }) => blocking)
    .map(({ where, path, cure }) => `In the ${where}, ${path} is not for ${architecture}: ${cure}`);
  const building =
    format === 'SAM' && !wish.isImage
      ? [`Native code needs a build for ${architecture}: sam build --use-container`]
      : [];
  const image =
    wish.isImage && !builds.some(({ kind }) => kind === 'image')
      ? [`The image has to be built for ${docker}: docker build --platform ${docker} …`]
      : [];
  return [...places, ...findings, ...building, ...image];
}
