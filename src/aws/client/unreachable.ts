import { TuneError } from '../../base/errors.ts';

interface NetworkWords {
  readonly what: string;
  readonly hint: string;
}

const certificates: NetworkWords = {
  what: 'its certificate is not trusted here',
  hint: "A proxy of your company may open the connection: give its certificate with NODE_EXTRA_CA_CERTS=ca.pem. Otherwise check this machine's clock and --endpoint-url.",
};
const noRoute: NetworkWords = {
  what: 'there is no way to it',
  hint: 'Check the network, the VPN and HTTPS_PROXY.',
};
const noAnswer: NetworkWords = {
  what: 'nothing answered in time',
  hint: 'A firewall may drop the packets: check the network, HTTPS_PROXY, and the VPC endpoint if there is one (AWS_ENDPOINT_URL, --endpoint-url).',
};
const broken: NetworkWords = {
  what: 'the connection was broken off',
  hint: 'Try again; if it stays so, a proxy or firewall ends the connection (HTTPS_PROXY, NO_PROXY), or --endpoint-url names http where https is spoken.',
};
const noSuchHost: NetworkWords = {
  what: 'the name of the host is not known',
  hint: 'Is the region spelt right (--region eu-central-1)? Otherwise check the network, DNS and --endpoint-url (AWS_ENDPOINT_URL).',
};

/** By Node's and OpenSSL's codes. */
const byCode: Readonly<Record<string, NetworkWords>> = {
  ENOTFOUND: noSuchHost,
  EAI_AGAIN: noSuchHost,
  ECONNREFUSED: {
    what: 'nothing listens there',
    hint: 'Is the endpoint running (tune local), and is --endpoint-url (AWS_ENDPOINT_URL), or HTTPS_PROXY, right?',
  },
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  ETIMEDOUT: noAnswer,
  timeout: noAnswer,
  ECONNRESET: broken,
  EPIPE: broken,
  EPROTO: broken,
  SELF_SIGNED_CERT_IN_CHAIN: certificates,
  DEPTH_ZERO_SELF_SIGNED_CERT: certificates,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificates,
  UNABLE_TO_GET_ISSUER_CERT: certificates,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificates,
  CERT_HAS_EXPIRED: certificates,
  CERT_NOT_YET_VALID: certificates,
  ERR_TLS_CERT_ALTNAME_INVALID: certificates,
};

const otherwise = 'Check the network, --region and --endpoint-url (or AWS_ENDPOINT_URL).';

/** `failed`: which call of what. */
export function unreachableError(failed: string, code: string): TuneError {
  const known = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  return new TuneError('UNREACHABLE', `${failed}: ${known?.what ?? 'no answer'} (${code})`, {
    hint: known?.hint ?? otherwise,
  });
}
