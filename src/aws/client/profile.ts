import { getProfileName, loadSharedConfigFiles } from '@smithy/core/config';
import { TuneError } from '../../base/errors.ts';

const mostNamed = 10;

/**
 * The SDK looks for credentials elsewhere when a profile does not exist, and then says that it found none anywhere.
 * @throws TuneError CREDENTIALS for a profile that was named (also by AWS_PROFILE) and is in no file
 */
export async function requireProfile(profile: string | undefined): Promise<void> {
  const name = getProfileName(profile === undefined ? {} : { profile });
  const isNamed = profile !== undefined || name !== 'default';
  if (!isNamed) return;
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const known = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])].filter(isProfile).sort();
  if (known.includes(name)) return;
  const others =
    known.length === 0
      ? 'There are no profiles: make one with `aws configure --profile <name>`, or leave out --profile and AWS_PROFILE.'
      : `Profiles here: ${known.slice(0, mostNamed).join(', ')}${known.length > mostNamed ? ', …' : ''}. Name one with --profile.`;
  throw new TuneError('CREDENTIALS', `There is no AWS profile "${name}".`, { hint: others });
}

/** The files also hold sessions and services; the SDK names them `sso-session.…`. */
function isProfile(section: string): boolean {
  return !/^(?:sso-session|services)\./.test(section);
}
