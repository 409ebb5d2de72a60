import rule from '../../../src/rules/auth/weak-password.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'no password', facts: fileAlone },
    {
      name: 'a password of its own',
      facts: fileAlone.adding('user=joe:Vb2mZk0sXe9R', 'cli-password=Vb2mZk0sXe9R'),
    },
    {
      name: 'the CLI, which is off',
      facts: fileAlone.adding('cli-password=qwerty', 'no-cli').asVersion('4.6.1'),
    },
    {
      name: 'a database by its socket',
      facts: fileAlone.adding('psql-userdb="host=/run/postgresql dbname=coturn"'),
    },
  ],
  fails: [
    {
      name: "the manual's user",
      facts: fileAlone.adding('user=ninefingers:youhavetoberealistic'),
      message: /password of user is printed/,
      evidence: /user=ninefingers:\*+$/,
    },
    {
      name: 'a key of the manual',
      facts: fileAlone.adding('user=username1:0xbc807ee29df3c9ffa736523fb2c4e8ee'),
    },
    {
      name: "the sample file's CLI",
      facts: fileAlone.adding('cli-password=qwerty', 'cli').asVersion('4.18.0'),
      message: /telnet CLI/,
      severity: 'warning',
    },
    {
      name: "the sample file's database",
      facts: fileAlone.adding('psql-userdb="host=db dbname=coturn user=turn password=youhavetoberealistic"'),
      message: /database of users/,
      option: 'psql-userdb',
    },
  ],
});
