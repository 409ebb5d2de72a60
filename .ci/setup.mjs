// Makes a fresh clone ready to run: npm packages, on a Debian root machine what the tests need, and the build.
//   node .ci/setup.mjs [--no-packages]
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DEBIAN_PACKAGES = [
  'acl',
  'bash-completion',
  'chromium',
  'coturn',
  'dbus',
  'firewalld',
  'fish',
  'git',
  'iproute2',
  'iptables',
  'iputils-ping',
  'docker-compose',
  'libxml2-utils',
  'python3-yaml',
  'nftables',
  'openssh-server',
  'openssl',
  'procps',
  'sudo',
  'systemd',
  'systemd-sysv',
  'tshark',
  'ufw',
  'wrk',
  'zsh',
];

/** What those packages would start at the next boot of this machine; only lab hosts are to run them. */
const UNITS = {
  coturn: 'coturn.service',
  firewalld: 'firewalld.service',
  'openssh-server': 'ssh.service',
  ufw: 'ufw.service',
};

/** Debian asks this program before it starts a service it installed; 101 is "no". */
const POLICY = '/usr/sbin/policy-rc.d';

const say = text => console.error(`setup: ${text}`);
/** What a program says is shown when it fails, which ends everything. */
function run(program, argv, env = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 64 * 2 ** 20 };
  const { status, error, stdout, stderr } = spawnSync(program, argv, options);
  if (status === 0) return stdout;
  throw new SetupError(`${program} ${argv.join(' ')} failed: ${error?.message ?? stderr + stdout}`);
}

class SetupError extends Error {}

/** Ends the process with status 1 when something cannot be had. */
export function setup({ packages = true } = {}) {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  try {
    installNodeModules();
    if (packages) installDebianPackages();
    build();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exit(1);
  }
}

function installNodeModules() {
  if (nodeModulesFit()) return;
  say('npm ci');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Compares versions, not times: a clone, a copy or a clock says nothing about what is installed. */
function nodeModulesFit() {
  const installed = 'node_modules/.package-lock.json';
  if (!existsSync(installed)) return false;
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const wanted = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages);
  return wanted.every(
    ([path, { version, optional }]) =>
      path === '' || (optional && !there[path]) || there[path]?.version === version,
  );
}

function installDebianPackages() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    say('not root on Debian: tests that need real servers and hosts are skipped');
    return;
  }
  const missing = DEBIAN_PACKAGES.filter(name => !isInstalled(name));
  if (missing.length === 0) return;
  say(`apt-get install ${missing.join(' ')}`);
  const unattended = { DEBIAN_FRONTEND: 'noninteractive' };
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    run('apt-get', ['-qq', 'update'], unattended);
    run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...missing], unattended);
  } finally {
    if (ownPolicy) rmSync(POLICY);
  }
  const units = missing.flatMap(name => UNITS[name] ?? []);
  if (units.length > 0) run('systemctl', ['--quiet', '--root=/', 'disable', ...units]);
}

function isInstalled(name) {
  const { stdout } = spawnSync('dpkg', ['--status', name], { encoding: 'utf8' });
  return /^Status: \S+ ok installed$/m.test(stdout);
}

function build() {
  const last = 'dist/turnctl.compiled';
  const built = existsSync(last) ? statSync(last).mtimeMs : 0;
  const sources = readdirSync('src', { recursive: true }).map(name => `src/${name}`);
  if (
    [
      ...sources,
      'bin/load.js',
      '.ci/build.mjs',
      '.ci/program.mjs',
      '.ci/compile.mjs',
      'package-lock.json',
    ].every(path => statSync(path).mtimeMs < built)
  )
    return;
  say('npm run build');
  run('npm', ['run', '--silent', 'build']);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  setup({ packages: !process.argv.includes('--no-packages') });
}
