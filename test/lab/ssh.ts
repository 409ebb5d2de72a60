import type { LabHost } from './host.ts';

/** Lets root of one host log in on another by key, and know its host key. `admin` and `server` are lab hosts with sshd. */
export async function letIn(admin: LabHost, server: LabHost, ip: string): Promise<void> {
  await admin.must(['mkdir', '-p', '-m', '0700', '/root/.ssh']);
  await admin.must(['rm', '-f', '/root/.ssh/id_ed25519', '/root/.ssh/id_ed25519.pub']);
  await admin.must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', '/root/.ssh/id_ed25519']);
  admin.writeFile('/root/.ssh/known_hosts', `${ip} ${server.readFile('/etc/ssh/ssh_host_ed25519_key.pub')}`);
  admin.writeFile(
    '/root/.ssh/config',
    ['Host turn', `  HostName ${ip}`, '  User root', '  IdentityFile /root/.ssh/id_ed25519', ''].join('\n'),
  );
  await server.must(['mkdir', '-p', '-m', '0700', '/root/.ssh']);
  server.writeFile('/root/.ssh/authorized_keys', admin.readFile('/root/.ssh/id_ed25519.pub'), 0o600);
}
