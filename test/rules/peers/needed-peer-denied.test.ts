import rule from '../../../src/rules/peers/needed-peer-denied.ts';
import { deployment } from '../../support/facts-builder.ts';
import { dataPath, peerPolicy } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const logged = (...lines: string[]) =>
  deployment.with({ logLines: { source: '/var/log/turnserver/turn.log', lines } });

const refusing = (...ips: string[]) =>
  logged(
    ...ips.map(ip => `9: : session 1: A peer IP ${ip} denied in the range: 192.168.0.0-192.168.255.255`),
  );

/** As 4.6.1 and 4.18.0 write it. */
const denied461 = (ip: string) =>
  `0: : ERROR: A peer IP ${ip} denied in the range: 192.168.0.0-192.168.255.255`;
const refused461 = (user: string, session: number, method = 'CREATE_PERMISSION') =>
  `0: : session ${session}: realm <r> user <${user}>: incoming packet ${method} processed, error 403: Forbidden IP`;
const denied418 = (ip: string, session: number) =>
  `2026-11-24T15:20:01.800+0000 ERROR A peer IP ${ip} denied in the range: 192.168.0.0-192.168.255.255 in server 1 (session ${session})`;
const refused418 = (user: string, session: number) =>
  `2026-11-24T15:20:01.800+0000 INFO realm <r> user <${user}>: incoming packet CREATE_PERMISSION processed, error 403: Forbidden IP (session ${session})`;
const OURS = '1795533427:turnctl-0';
const ADA = '1795533427:ada';

ruleTester(rule, {
  passes: [
    { name: 'nothing refused', facts: deployment },
    { name: 'its own address is another matter', facts: refusing('203.0.113.10') },
    {
      name: 'what turnctl asked for, in this run or an earlier one',
      facts: refusing('192.168.253.97', '10.253.113.97'),
    },
    {
      name: 'what probe peers asks for',
      facts: refusing('172.17.0.1', '::ffff:10.253.113.97', 'fc00::7161'),
    },
    {
      name: 'a machine from which turnctl probed: its own socket was the peer',
      facts: logged(
        denied461('192.168.5.20'),
        refused461(OURS, 2),
        denied461('192.168.5.20'),
        refused461(OURS, 2, 'CHANNEL_BIND'),
        denied418('192.168.5.20', 3),
        refused418(OURS, 3),
      ),
    },
    {
      name: 'what was asked for in this run, when other addresses stand for those of the list',
      facts: refusing('192.168.17.97', '192.168.5.20').seeing(
        peerPolicy([{ ip: '192.168.17.97', kind: 'private', answer: 403 }]),
        dataPath({ peerAddress: { ip: '192.168.5.20', port: 40000 } }),
      ),
    },
  ],
  fails: [
    {
      name: 'one peer again and again',
      facts: refusing('192.168.5.20', '192.168.5.20'),
      message: /192\.168\.5\.20 \(2 times\): 192\.168\.0\.0-192\.168\.255\.255 is denied/,
      option: 'denied-peer-ip',
      severity: 'error',
      count: 1,
    },
    {
      name: 'many peers are the candidates of clients',
      facts: refusing('192.168.5.20', '192.168.178.3'),
      severity: 'info',
      count: 2,
    },
    {
      name: 'one of a client, between two of turnctl',
      facts: logged(
        denied461('192.168.5.21'),
        denied461('192.168.5.20'),
        refused461(OURS, 1),
        refused461(ADA, 2),
        refused461(OURS, 1),
      ),
      message: /192\.168\.5\.20 \(1 time\)/,
      severity: 'error',
      count: 1,
    },
    {
      name: 'the session decides where it is named',
      facts: logged(
        denied418('192.168.5.20', 2),
        denied418('192.168.5.21', 1),
        refused418(OURS, 1),
        refused418(ADA, 2),
      ),
      message: /192\.168\.5\.20 \(1 time\)/,
      count: 1,
    },
    {
      name: 'a log that is not verbose',
      facts: logged(denied461('192.168.5.20')),
      severity: 'error',
      count: 1,
    },
    {
      name: 'among many, one on the network of the server',
      facts: refusing('192.168.5.20', '203.0.113.99'),
      severity: 'error',
    },
  ],
  skips: [{ name: 'no log', facts: deployment.without('logLines') }],
});
