import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../src/config/edit.ts';
import { planAddition, planRemoval, type Rotation } from '../../src/fixes/rotate-secret.ts';

const PATH = '/etc/turnserver.conf';
const NEW = 'kT3vX9_new-secret-of-32-bytes';

const fileOf = (text: string) => ({ path: PATH, bytes: Buffer.from(text) });

/** The file afterwards. */
function edited(text: string, rotation: Rotation | { readonly problem: string }): string {
  if ('problem' in rotation) throw new Error(rotation.problem);
  const edits = rotation.steps.flatMap(step => (step.kind === 'edit-file' ? step.edits : []));
  return Buffer.from(applyEdits(Buffer.from(text), edits)).toString();
}

const REAL = [
  '# Shared with the application; see the wiki.',
  '#static-auth-secret=north',
  'use-auth-secret',
  '  static-auth-secret = old-one   ',
  '# the second data centre',
  'static-auth-secret=old-two',
  'realm=example.org',
  '',
].join('\n');

describe('a secret is added before the first', () => {
  const cases: [what: string, before: string, expected: string][] = [
    [
      'of a file with comments, whose other bytes stay',
      REAL,
      REAL.replace('  static-auth-secret = old-one', `static-auth-secret=${NEW}\n$&`),
    ],
    [
      'in a file with CR LF',
      'realm=a\r\nstatic-auth-secret=x\r\n',
      `realm=a\r\nstatic-auth-secret=${NEW}\r\nstatic-auth-secret=x\r\n`,
    ],
    ['in an unfinished last line', 'static-auth-secret=x', `static-auth-secret=${NEW}\nstatic-auth-secret=x`],
    ['written with a blank', 'static-auth-secret x\n', `static-auth-secret ${NEW}\nstatic-auth-secret x\n`],
  ];
  for (const [what, before, expected] of cases) {
    test(what, () => {
      expect(edited(before, planAddition(fileOf(before), NEW))).toBe(expected);
    });
  }

  test('all of them are to be taken, the new one is the one to sign with', () => {
    expect(planAddition(fileOf(REAL), NEW)).toMatchObject({
      accepted: [NEW, 'old-one', 'old-two'],
      refused: [],
    });
  });

  test('nothing is signed with an empty one', () => {
    expect(planAddition(fileOf('static-auth-secret=\n'), NEW)).toMatchObject({ accepted: [NEW] });
  });

  const refused: [what: string, text: string, secret: string, says: RegExp][] = [
    ['without a secret', 'realm=a\n#static-auth-secret=x\n', NEW, /no static-auth-secret to exchange/],
    ['with the new one in it', `static-auth-secret=${NEW}\n`, NEW, /is in \/etc\/turnserver.conf already/],
  ];
  for (const [what, text, secret, says] of refused) {
    test(`a file ${what} is refused, without a secret in the words`, () => {
      const planned = planAddition(fileOf(text), secret);
      expect(planned).toEqual({ problem: expect.stringMatching(says) });
      expect(JSON.stringify(planned)).not.toContain(secret);
    });
  }
});

describe('the old secrets are removed', () => {
  test('and the first stays, with every comment', () => {
    expect(edited(REAL, planRemoval(fileOf(REAL)))).toBe(REAL.replace('static-auth-secret=old-two\n', ''));
  });

  test('both halves leave the new secret in the place of the old', () => {
    const one = 'realm=a\n# c\nstatic-auth-secret=x\nverbose\n';
    const added = edited(one, planAddition(fileOf(one), NEW));
    expect(edited(added, planRemoval(fileOf(added)))).toBe(one.replace('=x', `=${NEW}`));
  });

  test('they are to be refused afterwards, but for what is the same as the first', () => {
    const text = 'static-auth-secret=a\nstatic-auth-secret=b\nstatic-auth-secret=\nstatic-auth-secret=a\n';
    expect(planRemoval(fileOf(text))).toMatchObject({ accepted: ['a'], refused: ['b'] });
    expect(edited(text, planRemoval(fileOf(text)))).toBe('static-auth-secret=a\n');
  });

  test('no plan holds a secret that goes', () => {
    const planned = planRemoval(fileOf(REAL));
    expect('steps' in planned && JSON.stringify(planned.steps)).not.toContain('old-');
  });

  test('one secret alone: nothing to do', () => {
    expect(planRemoval(fileOf('static-auth-secret=a\n'))).toMatchObject({ steps: [] });
  });

  test('an empty one is not kept', () => {
    expect(planRemoval(fileOf('\nstatic-auth-secret=\nstatic-auth-secret=a\n'))).toEqual({
      problem: '/etc/turnserver.conf:2: the static-auth-secret to be kept is empty',
    });
  });
});
