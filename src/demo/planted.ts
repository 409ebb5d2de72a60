/** The configuration that the demo plants: a server that works in every TURN test and still fails the first call. */
export function plantedConfiguration(port: number, secret: string): string {
  return `# turnserver.conf of the demo. Three lines in it are wrong.
listening-ip=127.0.0.1
listening-port=${port}
min-port=49152
max-port=65535

# the embedded server speaks UDP only
no-tcp
no-tls
no-dtls
no-cli

use-auth-secret
static-auth-secret=${secret}
realm=demo.invalid
verbose
simple-log
log-file=stdout

# somebody read that this makes the server safer
no-stun
no-tcp-relay

# the cloud's metadata service must not be reached through us
denied-peer-ip=0.0.0.0-0.255.255.255
denied-peer-ip=10.0.0.0-10.255.255.255
denied-peer-ip=100.64.0.0-100.127.255.255
denied-peer-ip=169.254.0.0/16
denied-peer-ip=172.16.0.0-172.31.255.255
denied-peer-ip=192.168.0.0-192.168.255.255
no-multicast-peers
`;
}

/** Ids that a run of the demo has to name. */
export const PLANTED = ['listener/no-stun', 'relay/no-tcp-relay', 'peers/range-invalid'] as const;
