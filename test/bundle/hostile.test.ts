import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES, checksum, writeArchive } from '../../src/bundle/archive.ts';
import { openBundle, sha256Of } from '../../src/bundle/open-bundle.ts';
import { main } from '../../src/cli/main.ts';
import { type FakeIo, fakeIo } from '../support/fake-io.ts';

const text = (content: string) => Buffer.from(content);
const REPORT = text('{"schemaVersion":1,"facts":{"observedAt":"2026-01-31T12:00:00.000Z"}}');

const member = (path: string, content: Uint8Array) => ({
  ...{ path, what: 'something', how: 'a test', ms: 1 },
  ...{ sizeBytes: content.length, sha256: sha256Of(content) },
});

const manifest = (change: object = {}) => ({
  format: 'turnctl-bundle',
  schemaVersion: 1,
  tool: { name: 'turnctl', version: '0.0.0' },
  createdAt: '2026-01-31T12:00:00.000Z',
  host: 'srv',
  members: [member('report.json', REPORT)],
  leftOut: [],
  redactions: { secrets: 1, users: 0, addresses: 0, stable: true },
  audit: { secrets: 16, planted: 15 },
  ...change,
});

const file = (path: string, content: string | Uint8Array) => ({
  path,
  content: typeof content === 'string' ? text(content) : content,
});
const sound = [file('manifest.json', JSON.stringify(manifest())), file('report.json', REPORT)];
const archive = (files = sound) => writeArchive(files, 0);

/** An archive with one header changed, its sum made right again. */
function withHeader(change: (block: Buffer) => void): Uint8Array {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write('report.json', 0);
  block.write('00000000000\0', 124);
  block.write('0', 156);
  change(block);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return gzipSync(Buffer.concat([block, Buffer.alloc(1024)]));
}

const named = (path: string) => withHeader(block => void block.write(path.padEnd(100, '\0'), 0));
const kind = (flag: string) => withHeader(block => void block.write(flag, 156));

const HOSTILE: Readonly<Record<string, readonly [content: Uint8Array, says: RegExp]>> = {
  'a way up': [named('../../etc/passwd'), /under a name that turnctl never writes: \.\.\/\.\.\/etc/],
  'a way up in the middle': [named('logs/../../x'), /under a name that turnctl never writes/],
  'a name from the root': [named('/etc/cron.d/x'), /under a name that turnctl never writes/],
  'a name that acts on a terminal': [named('a\u001b[2Jb'), /under a name that turnctl never writes/],
  'no name': [named(''), /under a name that turnctl never writes/],
  'a long prefix': [withHeader(block => void block.write('/etc', 345)), /under a name/],
  'a hard link': [kind('1'), /report\.json is a hard link/],
  'a symbolic link': [kind('2'), /report\.json is a symbolic link/],
  'a device': [kind('3'), /report\.json is a character device/],
  'a block device': [kind('4'), /report\.json is a block device/],
  'a directory': [kind('5'), /report\.json is a directory/],
  'a contiguous file': [kind('7'), /report\.json is no plain file/],
  'a sparse file of GNU': [kind('S'), /report\.json is no plain file/],
  'a long link of GNU': [kind('K'), /report\.json is no plain file/],
  'a volume header of GNU': [kind('V'), /report\.json is no plain file/],
  'a global header of pax': [kind('g'), /report\.json is no plain file/],
  'a size in binary, as GNU writes it': [withHeader(block => void block.fill(0x80, 124, 136)), /has no size/],
  'a negative size': [withHeader(block => void block.write('-0000000001', 124)), /has no size/],
  'a name with a backslash': [named('..\\..\\x'), /under a name that turnctl never writes/],
  'a hidden name': [named('.ssh/x'), /under a name that turnctl never writes/],
  'a name of two lines': [named('a\nb'), /under a name that turnctl never writes/],
  'a manifest that is nested too deep': [
    archive([file('manifest.json', '['.repeat(5_000_000))]),
    /manifest\.json is nested too deep/,
  ],
  'a pipe': [kind('6'), /report\.json is a pipe/],
  'a long name of GNU': [kind('L'), /report\.json is no plain file/],
  'a header of pax': [kind('x'), /report\.json is no plain file/],
  'a size that is none': [withHeader(block => void block.write('999999999', 124)), /has no size/],
  'a size beyond the end': [withHeader(block => void block.write('77777777777', 124)), /ends within report/],
  'a broken header': [gzipSync(Buffer.alloc(2048, 7)), /a header of its tar archive is broken/],
  nothing: [gzipSync(Buffer.alloc(0)), /is no tar archive/],
  'gzip that is cut short': [archive().subarray(0, 200), /is cut short/],
  'gzip that is broken': [Buffer.from(archive()).fill(0xff, 30, 90), /gzip data are broken/],
  'no gzip': [text('hello'), /is not gzipped/],
  'a bomb': [gzipSync(Buffer.alloc(200 << 20)), /unpacks to more than 64 MiB/],
  'the same file twice': [archive([...sound, file('report.json', REPORT)]), /holds report\.json twice/],
  'too many files': [
    archive(Array.from({ length: 1200 }, (_, n) => file(`f${n}`, ''))),
    /holds more than 1000 files/,
  ],
  'a file nobody names': [archive([...sound, file('x.sh', 'rm')]), /holds x\.sh, which its manifest/],
  'a file that is missing': [archive(sound.slice(0, 1)), /names report\.json, which it does not hold/],
  'no manifest': [archive(sound.slice(1)), /holds no manifest\.json/],
  'another manifest': [archive([file('manifest.json', '[]')]), /is none of turnctl/],
  'a damaged manifest': [
    archive([file('manifest.json', JSON.stringify(manifest({ members: [{ path: 5 }] })))]),
    /manifest\.json is damaged/,
  ],
  'a manifest that names a file twice': [
    archive([
      file(
        'manifest.json',
        JSON.stringify(manifest({ members: [member('report.json', REPORT), member('report.json', REPORT)] })),
      ),
      sound[1]!,
    ]),
    /its manifest names a file twice/,
  ],
  'a later schema': [
    archive([file('manifest.json', JSON.stringify(manifest({ schemaVersion: 2 })))]),
    /has schemaVersion 2; this turnctl reads 1/,
  ],
};

const run = async (args: readonly string[], io: FakeIo) => ({
  exitCode: await main(['node', 'turnctl', ...args], io),
  ...io.printed,
  written: io.written.size,
});

describe('a bundle that holds', () => {
  for (const [name, [content, says]] of Object.entries(HOSTILE)) {
    test(`${name} is refused in one line, by every command`, async () => {
      const commands = [
        ['bundle', 'show', 'x'],
        ['bundle', 'diff', 'x', 'x'],
        ['diagnose', '--from', 'x'],
      ];
      for (const args of content[0] === 0x1f ? commands : commands.slice(0, 2)) {
        const { exitCode, stdout, stderr, written } = await run(args, fakeIo({ x: content }));
        expect(stderr).toMatch(says);
        expect(stderr.trimEnd().split('\n')).toHaveLength(2);
        expect({ exitCode, stdout, written }).toEqual({ exitCode: 2, stdout: '', written: 0 });
      }
    });
  }
});

test('ten million files end at the bound, in bounded memory', () => {
  // Each empty file is 512 bytes: 5 GB, of which 10 MB of gzip are enough here.
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write('f', 0);
  block.write('00000000000\0', 124);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  const many = gzipSync(Buffer.concat(Array.from({ length: 20_000 }, () => block)));
  const bomb = Buffer.concat(Array.from({ length: 500 }, () => many));
  const before = process.memoryUsage().arrayBuffers;
  expect(openBundle(bomb)).toEqual({ malformed: 'it unpacks to more than 64 MiB' });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300 << 20);
});

test('facts that are nested too deep end in one line, whatever reads them', async () => {
  const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const report = text(
    `{"schemaVersion":1,"facts":{"observedAt":"2026-01-31T12:00:00.000Z","tlsFiles":{"known":true,"value":{"x":${nested}}},"firewall":{"known":true,"value":{"manager":${nested},"inbound":[]}}}}`,
  );
  const deep = archive([
    file('manifest.json', JSON.stringify(manifest({ members: [member('report.json', report)] }))),
    file('report.json', report),
  ]);
  for (const args of [
    ['bundle', 'show', 'x'],
    ['bundle', 'diff', 'y', 'x'],
    ['diagnose', '--from', 'x', '--json'],
  ]) {
    const { stderr, written } = await run(args, fakeIo({ x: deep, y: archive() }));
    expect({ args, stderr: stderr.split('\n').filter(line => /^ +at /.test(line)), written }).toEqual({
      ...{ args, stderr: [], written: 0 },
    });
  }
});

describe('a sound bundle', () => {
  test('is shown', async () => {
    const { exitCode, stdout } = await run(['bundle', 'show', 'x'], fakeIo({ x: archive() }));
    expect(exitCode).toBe(0);
    expect(stdout).toContain('report.json');
  });

  test('of which a file was changed is shown to be', async () => {
    const changed = archive([sound[0]!, file('report.json', `${REPORT} `)]);
    const { exitCode, stdout } = await run(['bundle', 'show', 'x'], fakeIo({ x: changed }));
    for (const argv of [
      ['bundle', 'diff', 'x', 'x'],
      ['diagnose', '--from', 'x'],
    ])
      expect((await run(argv, fakeIo({ x: changed }))).stderr).toContain(
        'x was changed after it was made: report.json',
      );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('CHANGED since it was made');
  });

  test('prints one file of it, without control characters', async () => {
    const content = text('one\u001b[2J\ntwo');
    const files = [
      file('manifest.json', JSON.stringify(manifest({ members: [member('a.txt', content)] }))),
      file('a.txt', content),
    ];
    const { stdout } = await run(['bundle', 'show', 'x', 'a.txt'], fakeIo({ x: archive(files) }));
    expect(stdout).toBe('one\\x1b[2J\ntwo');
  });

  test('with damaged facts is compared all the same', async () => {
    const config = { known: true, value: { path: 'x', entries: [], faults: [], ignores: [] } };
    const facts = {
      observedAt: '2026-01-31T12:00:00.000Z',
      config,
      firewall: { known: true, value: { inbound: 5 } },
      tlsFiles: { known: true, value: {} },
      service: { known: true, value: { argv: {} } },
    };
    const report = text(JSON.stringify({ schemaVersion: 1, facts }));
    const damaged = archive([
      file('manifest.json', JSON.stringify(manifest({ members: [member('report.json', report)] }))),
      file('report.json', report),
    ]);
    const { exitCode, stdout } = await run(
      ['bundle', 'diff', 'x', 'y'],
      fakeIo({ x: archive(), y: damaged }),
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('they are damaged');
  });

  test('with addresses as they are is compared to one without, and that is said', async () => {
    const redactions = { ...manifest().redactions, addresses: null };
    const kept = archive([file('manifest.json', JSON.stringify(manifest({ redactions }))), sound[1]!]);
    const { exitCode, stderr } = await run(['bundle', 'diff', 'x', 'y'], fakeIo({ x: archive(), y: kept }));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: 'turnctl: only y was made with --keep-addresses: addresses differ for that alone\n',
    });
  });

  test('differs in nothing from itself', async () => {
    const { exitCode, stdout } = await run(['bundle', 'diff', 'x', 'x'], fakeIo({ x: archive() }));
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('the same') });
  });
});
