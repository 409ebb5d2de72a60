import rule from '../../../src/rules/config/template.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const asked = (...lines: string[]) => {
  const { config } = fileAlone.withConfig(...lines).facts;
  if (!config.known) throw new Error('the builder always knows the file');
  return fileAlone.with({ config: { ...config.value, foundBy: 'asked' } });
};

ruleTester(rule, {
  passes: [
    { name: 'none', facts: fileAlone },
    { name: 'a dollar inside a value', facts: fileAlone.adding('cli-password=$5$184c9ad8$9596b9eb') },
  ],
  fails: [
    {
      name: 'Jinja in a file named by the operator',
      facts: asked('realm={{ realm }}', '{% if tls %}', 'tls-listening-port=1', '{% endif %}'),
      message: /3 lines/,
      severity: 'info',
      count: 1,
    },
    {
      name: 'Jinja in the file that the service reads',
      facts: fileAlone.withConfig('realm={{ realm }}'),
      severity: 'error',
    },
    { name: 'a shell variable', facts: fileAlone.withConfig('realm=$myrealm'), severity: 'info' },
  ],
});
