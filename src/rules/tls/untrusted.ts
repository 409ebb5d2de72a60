import type { RuleId } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { endpointOf } from '../wire-evidence.ts';

const SELF_SIGNED = ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'];

export default defineRule({
  id: 'tls/untrusted',
  meta: {
    title: 'The certificate is not trusted',
    effect: 'Browsers refuse TURN over TLS',
    why: 'The chain does not lead to a root that clients trust. A browser shows no dialogue for TURN: the handshake fails within 0.3 s and the candidate is missing.',
    remedy: 'Use a certificate of a public authority, with its intermediates (fullchain.pem).',
    severity: 'error',
    references: ['RFC 5280 §6', 'RFC 8446 §4.4.2'],
    explainedBy: ['tls/chain-incomplete', 'tls/not-reloaded'],
  },
  needs: ['wire'],
  uses: ['tlsFiles'],
  check: ({ wire, tlsFiles }) => {
    const file = tlsFiles?.certificate;
    // A reload would serve the next certificate that nobody trusts.
    const causes: readonly RuleId[] | undefined =
      file?.known && file.value.selfSigned ? ['tls/chain-incomplete'] : undefined;
    const handshakes = observed(wire.observations, 'tls-handshake').filter(
      ({ outcome }) => outcome === 'handshake',
    );
    if (handshakes.length === 0) return { skip: 'no TLS handshake was completed' };
    return handshakes.flatMap(observation => {
      if (observation.outcome !== 'handshake' || observation.untrusted === undefined) return [];
      const { untrusted: code, certificate } = observation;
      // `tls/certificate-expired` has that.
      if (code === 'CERT_HAS_EXPIRED') return [];
      const { issuer, subject, chainLength, notBefore } = certificate;
      const tooEarly = code === 'CERT_NOT_YET_VALID';
      const reason = SELF_SIGNED.includes(code)
        ? 'it, or the root it brings along, is self-signed'
        : `nothing leads from ${issuer} to a known root`;
      return [
        {
          message: `The certificate on ${endpointOf(observation)} is not ${tooEarly ? `valid before ${notBefore}` : `trusted: ${reason}`}`,
          evidence: `${code}; subject ${subject}, issuer ${issuer}, ${chainLength} in the chain`,
          ...(tooEarly ? { remedy: 'Check the clocks of this host and of the issuer.' } : {}),
          ...(causes ? { causes } : {}),
        },
      ];
    });
  },
});
