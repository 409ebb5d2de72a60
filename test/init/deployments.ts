import { readFileSync } from 'node:fs';
import { type Deployment, templateValues } from '../../src/init/deployment.ts';
import { fillTemplate } from '../../src/init/fill-template.ts';

const template = readFileSync(new URL('../../templates/turnserver.conf', import.meta.url), 'utf8');

export const SECRET = 'q7Vb2mZk0sXe9RwT4uYh-Nc6Lp1Jd5Ga8Fo3Ki_Bs0E';

/** One of each kind of host, for 4.6.1. */
export const DEPLOYMENTS = {
  'both families, TLS': {
    version: '4.6.1',
    realm: 'turn.example.org',
    listeningIps: ['198.51.100.7', '2001:db8::7'],
    mapping: null,
    tls: { certificate: '/etc/coturn/tls/fullchain.pem', key: '/etc/coturn/tls/privkey.pem' },
  },
  'a public address mapped to it': {
    version: '4.6.1',
    realm: 'turn.example.org',
    listeningIps: ['10.0.0.5'],
    mapping: { privateIp: '10.0.0.5', publicIp: '198.51.100.7' },
    tls: null,
  },
  'a private address alone': {
    version: '4.6.1',
    realm: 'turn.example.org',
    listeningIps: ['10.0.0.5'],
    mapping: { privateIp: '10.0.0.5', publicIp: null },
    tls: null,
  },
  'IPv6 alone': {
    version: '4.6.1',
    realm: 'turn.example.org',
    listeningIps: ['2001:db8::7'],
    mapping: null,
    tls: null,
  },
  'addresses not known': {
    version: '4.6.1',
    realm: 'turn.example.org',
    listeningIps: [],
    mapping: null,
    tls: null,
  },
} as const satisfies Record<string, Deployment>;

/** The file for it, with a secret that is always the same. */
export const fileOf = (deployment: Deployment): string =>
  fillTemplate(template, templateValues(deployment, SECRET));
