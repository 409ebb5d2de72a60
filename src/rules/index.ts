import type { Rule } from '../model/rule.ts';
import authAnonymousRelay from './auth/anonymous-relay.ts';
import authBrokenAuthentication from './auth/broken-authentication.ts';
import authChallengeFlood from './auth/challenge-flood.ts';
import authGuessableSecret from './auth/guessable-secret.ts';
import authPlainTextPassword from './auth/plain-text-password.ts';
import authRealmMissing from './auth/realm-missing.ts';
import authSecretMissing from './auth/secret-missing.ts';
import authSecretOverridesUsers from './auth/secret-overrides-users.ts';
import authSeveralSecrets from './auth/several-secrets.ts';
import authUserKeyFormat from './auth/user-key-format.ts';
import authUserMalformed from './auth/user-malformed.ts';
import authWeakPassword from './auth/weak-password.ts';
import authWeakSecret from './auth/weak-secret.ts';
import capacityBpsCapacityWithoutMaxBps from './capacity/bps-capacity-without-max-bps.ts';
import capacityMaxBpsTooSmall from './capacity/max-bps-too-small.ts';
import capacityTotalQuotaTooSmall from './capacity/total-quota-too-small.ts';
import capacityUserQuotaTooSmall from './capacity/user-quota-too-small.ts';
import configBooleanValue from './config/boolean-value.ts';
import configBuildDependentOption from './config/build-dependent-option.ts';
import configByteOrderMark from './config/byte-order-mark.ts';
import configCommandLineAbbreviation from './config/command-line-abbreviation.ts';
import configDeprecatedOption from './config/deprecated-option.ts';
import configEmptyValue from './config/empty-value.ts';
import configExclusiveOptions from './config/exclusive-options.ts';
import configInlineComment from './config/inline-comment.ts';
import configLineEndings from './config/line-endings.ts';
import configLineTooLong from './config/line-too-long.ts';
import configNewerOption from './config/newer-option.ts';
import configNoEffect from './config/no-effect.ts';
import configNotCoturn from './config/not-coturn.ts';
import configNulByte from './config/nul-byte.ts';
import configOverruledLine from './config/overruled-line.ts';
import configPlaceholder from './config/placeholder.ts';
import configQuotedValue from './config/quoted-value.ts';
import configRefusedValue from './config/refused-value.ts';
import configRemovedOption from './config/removed-option.ts';
import configSilentFallback from './config/silent-fallback.ts';
import configTemplate from './config/template.ts';
import configTrailingSemicolon from './config/trailing-semicolon.ts';
import configUnknownOption from './config/unknown-option.ts';
import configUnreadable from './config/unreadable.ts';
import configWorldReadable from './config/world-readable.ts';
import credentialsClockSkew from './credentials/clock-skew.ts';
import credentialsEndpointCached from './credentials/endpoint-cached.ts';
import credentialsEndpointOpen from './credentials/endpoint-open.ts';
import credentialsEndpointUnavailable from './credentials/endpoint-unavailable.ts';
import credentialsExpired from './credentials/expired.ts';
import credentialsPasswordEncoding from './credentials/password-encoding.ts';
import credentialsSecretMismatch from './credentials/secret-mismatch.ts';
import credentialsTimestampInMilliseconds from './credentials/timestamp-in-milliseconds.ts';
import credentialsTtlMismatch from './credentials/ttl-mismatch.ts';
import credentialsUsernameOrder from './credentials/username-order.ts';
import databaseUnreachable from './database/unreachable.ts';
import dnsAddressUnanswered from './dns/address-unanswered.ts';
import dnsNameUnresolved from './dns/name-unresolved.ts';
import dnsSrvPortDiffers from './dns/srv-port-differs.ts';
import dnsSrvTargetUnanswered from './dns/srv-target-unanswered.ts';
import firewallListeningPortClosed from './firewall/listening-port-closed.ts';
import firewallPublishedRangeDiffers from './firewall/published-range-differs.ts';
import firewallRelayRangeClosed from './firewall/relay-range-closed.ts';
import firewallUdpNotPublished from './firewall/udp-not-published.ts';
import iceCandidatePoolLarge from './ice/candidate-pool-large.ts';
import iceCredentialsLate from './ice/credentials-late.ts';
import iceCredentialsOnDemand from './ice/credentials-on-demand.ts';
import iceDuplicateServer from './ice/duplicate-server.ts';
import iceEarlyCandidatesDropped from './ice/early-candidates-dropped.ts';
import iceGatheringSlow from './ice/gathering-slow.ts';
import iceMalformedUrl from './ice/malformed-url.ts';
import iceMissingCredentials from './ice/missing-credentials.ts';
import iceNoRelayCandidate from './ice/no-relay-candidate.ts';
import iceNoWorkingPair from './ice/no-working-pair.ts';
import iceOfferBeforeRelay from './ice/offer-before-relay.ts';
import iceRedundantStunUrl from './ice/redundant-stun-url.ts';
import iceUnresponsiveServer from './ice/unresponsive-server.ts';
import listenerAddressInvalid from './listener/address-invalid.ts';
import listenerAddressNotLocal from './listener/address-not-local.ts';
import listenerAlternateServerUnusable from './listener/alternate-server-unusable.ts';
import listenerAmplification from './listener/amplification.ts';
import listenerCliExposed from './listener/cli-exposed.ts';
import listenerDetailsShown from './listener/details-shown.ts';
import listenerLegacyStunAnswered from './listener/legacy-stun-answered.ts';
import listenerMalformedStops from './listener/malformed-stops.ts';
import listenerManagementReachable from './listener/management-reachable.ts';
import listenerMetricsExposed from './listener/metrics-exposed.ts';
import listenerNoStun from './listener/no-stun.ts';
import listenerNoneLeft from './listener/none-left.ts';
import listenerPacketLoss from './listener/packet-loss.ts';
import listenerPortInvalid from './listener/port-invalid.ts';
import listenerPrivilegedPort from './listener/privileged-port.ts';
import listenerSecureStun from './listener/secure-stun.ts';
import listenerServerAddressInvalid from './listener/server-address-invalid.ts';
import listenerStunOnly from './listener/stun-only.ts';
import listenerTcpOfferedButDisabled from './listener/tcp-offered-but-disabled.ts';
import listenerUdpOfferedButDisabled from './listener/udp-offered-but-disabled.ts';
import listenerUnknownAttributeIgnored from './listener/unknown-attribute-ignored.ts';
import listenerWebAdminExposed from './listener/web-admin-exposed.ts';
import loggingDateSuffix from './logging/date-suffix.ts';
import loggingNotVerbose from './logging/not-verbose.ts';
import loggingSyslogWins from './logging/syslog-wins.ts';
import loggingUnwritable from './logging/unwritable.ts';
import natAddressRewritten from './nat/address-rewritten.ts';
import natEndpointDependentMapping from './nat/endpoint-dependent-mapping.ts';
import natExternalIpDuplicate from './nat/external-ip-duplicate.ts';
import natExternalIpEmpty from './nat/external-ip-empty.ts';
import natExternalIpFamily from './nat/external-ip-family.ts';
import natExternalIpInvalid from './nat/external-ip-invalid.ts';
import natExternalIpMissing from './nat/external-ip-missing.ts';
import natExternalIpPrivate from './nat/external-ip-private.ts';
import natExternalIpReversed from './nat/external-ip-reversed.ts';
import natExternalIpUnmapped from './nat/external-ip-unmapped.ts';
import natExternalIpWrong from './nat/external-ip-wrong.ts';
import natRelayToRelayLost from './nat/relay-to-relay-lost.ts';
import natTestedFromInside from './nat/tested-from-inside.ts';
import peersConnectAllowed from './peers/connect-allowed.ts';
import peersEncodedFormAllowed from './peers/encoded-form-allowed.ts';
import peersLoopbackAllowed from './peers/loopback-allowed.ts';
import peersMulticastAllowed from './peers/multicast-allowed.ts';
import peersNeededPeerDenied from './peers/needed-peer-denied.ts';
import peersOwnAddressDenied from './peers/own-address-denied.ts';
import peersPermissionsNotChecked from './peers/permissions-not-checked.ts';
import peersPolicyDiffers from './peers/policy-differs.ts';
import peersPrivateAllowed from './peers/private-allowed.ts';
import peersPublicDenied from './peers/public-denied.ts';
import peersRangeInvalid from './peers/range-invalid.ts';
import relayAddressGuessed from './relay/address-guessed.ts';
import relayAddressNotLocal from './relay/address-not-local.ts';
import relayLargePacketsLost from './relay/large-packets-lost.ts';
import relayNoTcpRelay from './relay/no-tcp-relay.ts';
import relayNoUdpRelay from './relay/no-udp-relay.ts';
import relayPortOutsideRange from './relay/port-outside-range.ts';
import relayPortRangeInvalid from './relay/port-range-invalid.ts';
import relayPortRangeInverted from './relay/port-range-inverted.ts';
import relayPortRangeSyntax from './relay/port-range-syntax.ts';
import relayPortRangeTooSmall from './relay/port-range-too-small.ts';
import serviceNotEnabled from './service/not-enabled.ts';
import serviceNotRunning from './service/not-running.ts';
import serviceRestartPending from './service/restart-pending.ts';
import serviceRestarting from './service/restarting.ts';
import serviceSecondInstance from './service/second-instance.ts';
import serviceUnknownUser from './service/unknown-user.ts';
import tlsCertificateExpired from './tls/certificate-expired.ts';
import tlsCertificateExpiresSoon from './tls/certificate-expires-soon.ts';
import tlsCertificateIncomplete from './tls/certificate-incomplete.ts';
import tlsChainIncomplete from './tls/chain-incomplete.ts';
import tlsCipherMismatch from './tls/cipher-mismatch.ts';
import tlsKeyEncrypted from './tls/key-encrypted.ts';
import tlsKeyMismatch from './tls/key-mismatch.ts';
import tlsKeyUnreadable from './tls/key-unreadable.ts';
import tlsLegacyAccepted from './tls/legacy-accepted.ts';
import tlsLegacyProtocol from './tls/legacy-protocol.ts';
import tlsNameMismatch from './tls/name-mismatch.ts';
import tlsNoUsableVersion from './tls/no-usable-version.ts';
import tlsNotReloaded from './tls/not-reloaded.ts';
import tlsNotTurn from './tls/not-turn.ts';
import tlsOfferedButDisabled from './tls/offered-but-disabled.ts';
import tlsUntrusted from './tls/untrusted.ts';
import tlsWeakCertificate from './tls/weak-certificate.ts';
import versionBrokenRelease from './version/broken-release.ts';
import versionKnownVulnerability from './version/known-vulnerability.ts';
import versionUpgradeBreaks from './version/upgrade-breaks.ts';
import versionUpgradeChanges from './version/upgrade-changes.ts';
import versionUpgradeExposes from './version/upgrade-exposes.ts';
import versionUpgradeImproves from './version/upgrade-improves.ts';
import versionUpgradeNotes from './version/upgrade-notes.ts';

/** Every rule, sorted by id. A new rule is one file, its test, and a line in both lists here. */
export const rules: readonly Rule[] = [
  authAnonymousRelay,
  authBrokenAuthentication,
  authChallengeFlood,
  authGuessableSecret,
  authPlainTextPassword,
  authRealmMissing,
  authSecretMissing,
  authSecretOverridesUsers,
  authSeveralSecrets,
  authUserKeyFormat,
  authUserMalformed,
  authWeakPassword,
  authWeakSecret,
  capacityBpsCapacityWithoutMaxBps,
  capacityMaxBpsTooSmall,
  capacityTotalQuotaTooSmall,
  capacityUserQuotaTooSmall,
  configBooleanValue,
  configBuildDependentOption,
  configByteOrderMark,
  configCommandLineAbbreviation,
  configDeprecatedOption,
  configEmptyValue,
  configExclusiveOptions,
  configInlineComment,
  configLineEndings,
  configLineTooLong,
  configNewerOption,
  configNoEffect,
  configNotCoturn,
  configNulByte,
  configOverruledLine,
  configPlaceholder,
  configQuotedValue,
  configRefusedValue,
  configRemovedOption,
  configSilentFallback,
  configTemplate,
  configTrailingSemicolon,
  configUnknownOption,
  configUnreadable,
  configWorldReadable,
  credentialsClockSkew,
  credentialsEndpointCached,
  credentialsEndpointOpen,
  credentialsEndpointUnavailable,
  credentialsExpired,
  credentialsPasswordEncoding,
  credentialsSecretMismatch,
  credentialsTimestampInMilliseconds,
  credentialsTtlMismatch,
  credentialsUsernameOrder,
  databaseUnreachable,
  dnsAddressUnanswered,
  dnsNameUnresolved,
  dnsSrvPortDiffers,
  dnsSrvTargetUnanswered,
  firewallListeningPortClosed,
  firewallPublishedRangeDiffers,
  firewallRelayRangeClosed,
  firewallUdpNotPublished,
  iceCandidatePoolLarge,
  iceCredentialsLate,
  iceCredentialsOnDemand,
  iceDuplicateServer,
  iceEarlyCandidatesDropped,
  iceGatheringSlow,
  iceMalformedUrl,
  iceMissingCredentials,
  iceNoRelayCandidate,
  iceNoWorkingPair,
  iceOfferBeforeRelay,
  iceRedundantStunUrl,
  iceUnresponsiveServer,
  listenerAddressInvalid,
  listenerAddressNotLocal,
  listenerAlternateServerUnusable,
  listenerAmplification,
  listenerCliExposed,
  listenerDetailsShown,
  listenerLegacyStunAnswered,
  listenerMalformedStops,
  listenerManagementReachable,
  listenerMetricsExposed,
  listenerNoStun,
  listenerNoneLeft,
  listenerPacketLoss,
  listenerPortInvalid,
  listenerPrivilegedPort,
  listenerSecureStun,
  listenerServerAddressInvalid,
  listenerStunOnly,
  listenerTcpOfferedButDisabled,
  listenerUdpOfferedButDisabled,
  listenerUnknownAttributeIgnored,
  listenerWebAdminExposed,
  loggingDateSuffix,
  loggingNotVerbose,
  loggingSyslogWins,
  loggingUnwritable,
  natAddressRewritten,
  natEndpointDependentMapping,
  natExternalIpDuplicate,
  natExternalIpEmpty,
  natExternalIpFamily,
  natExternalIpInvalid,
  natExternalIpMissing,
  natExternalIpPrivate,
  natExternalIpReversed,
  natExternalIpUnmapped,
  natExternalIpWrong,
  natRelayToRelayLost,
  natTestedFromInside,
  peersConnectAllowed,
  peersEncodedFormAllowed,
  peersLoopbackAllowed,
  peersMulticastAllowed,
  peersNeededPeerDenied,
  peersOwnAddressDenied,
  peersPermissionsNotChecked,
  peersPolicyDiffers,
  peersPrivateAllowed,
  peersPublicDenied,
  peersRangeInvalid,
  relayAddressGuessed,
  relayAddressNotLocal,
  relayLargePacketsLost,
  relayNoTcpRelay,
  relayNoUdpRelay,
  relayPortOutsideRange,
  relayPortRangeInvalid,
  relayPortRangeInverted,
  relayPortRangeSyntax,
  relayPortRangeTooSmall,
  serviceNotEnabled,
  serviceNotRunning,
  serviceRestartPending,
  serviceRestarting,
  serviceSecondInstance,
  serviceUnknownUser,
  tlsCertificateExpired,
  tlsCertificateExpiresSoon,
  tlsCertificateIncomplete,
  tlsChainIncomplete,
  tlsCipherMismatch,
  tlsKeyEncrypted,
  tlsKeyMismatch,
  tlsKeyUnreadable,
  tlsLegacyAccepted,
  tlsLegacyProtocol,
  tlsNameMismatch,
  tlsNoUsableVersion,
  tlsNotReloaded,
  tlsNotTurn,
  tlsOfferedButDisabled,
  tlsUntrusted,
  tlsWeakCertificate,
  versionBrokenRelease,
  versionKnownVulnerability,
  versionUpgradeBreaks,
  versionUpgradeChanges,
  versionUpgradeExposes,
  versionUpgradeImproves,
  versionUpgradeNotes,
];
