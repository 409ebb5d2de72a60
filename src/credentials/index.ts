/** `turnctl/credentials`: time-limited TURN credentials as coturn wants them, and the endpoint that hands them out. */
export type { EndpointOptions } from './endpoint.ts';
export { credentialHandler, type RequestContext } from './fetch-handler.ts';
export { type IssueOptions, issueCredential, type TimeLimitedCredential } from './issue.ts';
export { type Access, credentialListener, type ListenerOptions } from './listener.ts';
export type { Rate } from './rate-limit.ts';
export { type Authenticate, type Identity, type JwtOptions, jwtTokens, staticTokens } from './tokens.ts';
export { type Expiry, type Verification, verifyCredential } from './verify.ts';
