import unreachable from '../../../src/rules/database/unreachable.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const logging = (...lines: string[]) => ({ logLines: { source: '/var/log/turnserver/turn.log', lines } });

const databaseOnly = (line: string) =>
  deployment.withConfig('listening-port=3478', 'realm=turn.example.org', 'lt-cred-mech', line);

const redis = databaseOnly('redis-userdb="ip=127.0.0.1 dbname=0 password=x port=6379 connect_timeout=3"');
const refused461 = [
  '0: : ERROR: Redis: Connection refused',
  '0: : ERROR: Cannot initialize Redis DB connection',
];

ruleTester(unreachable, {
  passes: [
    {
      name: 'connected',
      facts: deployment.with(logging('0: : SQLite DB connection success: /var/lib/turn/turndb')),
    },
    {
      name: 'it came back, 4.6.1',
      facts: redis.with(
        logging(...refused461, '9: : Redis DB sync connection success: ip=127.0.0.1 dbname=0'),
      ),
    },
    {
      name: 'only the statistics database is down',
      facts: deployment.with(logging('0: : ERROR: Cannot initialize Redis DB async connection')),
    },
  ],
  fails: [
    {
      name: 'Redis refuses, 4.6.1',
      facts: redis.with(logging(...refused461)),
      message: 'coturn cannot use its Redis database: Connection refused',
      evidence: '0: : ERROR: Cannot initialize Redis DB connection',
      option: 'redis-userdb',
      line: 4,
      severity: 'error',
    },
    {
      name: 'Redis refuses, 4.18.0',
      facts: redis.with(
        logging(
          '2026-11-23T12:56:47.428+0000 ERROR Redis: Connection refused',
          '2026-11-23T12:56:47.428+0000 ERROR Cannot initialize Redis DB connection',
        ),
      ),
      message: /Connection refused/,
    },
    {
      name: 'PostgreSQL is down, 4.6.1',
      facts: databaseOnly('psql-userdb="host=127.0.0.1 dbname=coturn user=turn password=turn"').with(
        logging(
          '0: : ERROR: Cannot open PostgreSQL DB connection: <host=127.0.0.1 dbname=coturn user=turn password=***>, runtime error',
        ),
      ),
      message: /PostgreSQL database: it does not connect/,
      remedy: /Start PostgreSQL/,
    },
    {
      name: 'MySQL is down, 4.18.0',
      facts: databaseOnly('mysql-userdb="host=127.0.0.1 dbname=coturn user=turn password=turn"').with(
        logging(
          "2026-11-23T12:56:52.855+0000 ERROR Cannot open MySQL DB connection: <host=127.0.0.1 port=3399 dbname=coturn user=turn password=**** connect_timeout=3>, runtime error: Can't connect to server on '127.0.0.1' (115)",
        ),
      ),
      message: /Can't connect to server on '127\.0\.0\.1' \(115\)/,
    },
    {
      name: 'a connection string that is none',
      facts: databaseOnly('psql-userdb="hostt=1"').with(
        logging(
          '0: : ERROR: Cannot open PostgreSQL DB connection <hostt=1>, connection string format error: invalid connection option "hostt"',
        ),
      ),
      message: /invalid connection option "hostt"/,
      remedy: /^Correct the connection string of psql-userdb/,
    },
    {
      name: 'SQLite: the folder is missing, 4.6.1 in two lines',
      facts: databaseOnly('userdb=/srv/turn/turndb').with(
        logging(
          '0: : ERROR: Cannot open SQLite DB connection: </srv/turn/turndb>, runtime error:',
          '  unable to open database file',
          '  (If your intention is to use an SQLite database for the TURN server, then',
        ),
      ),
      message: 'coturn cannot use its SQLite database: unable to open database file',
      remedy: /\/srv\/turn\/turndb/,
    },
    {
      name: 'SQLite: the same in one line of 4.18.0',
      facts: databaseOnly('userdb=/srv/turn/turndb').with(
        logging(
          '2026-11-23T12:56:58.294+0000 ERROR Cannot open SQLite DB connection: </srv/turn/turndb>, runtime error:   unable to open database file   (If your intention is to use an SQLite database for the TURN server, then   check',
        ),
      ),
      message: /SQLite database: unable to open database file$/,
    },
    {
      name: 'SQLite: the file is something else',
      facts: databaseOnly('userdb=/srv/turn/turndb').with(
        logging('0: : ERROR: Error retrieving SQLite DB information: file is not a database'),
      ),
      message: /file is not a database/,
    },
    {
      name: 'the driver is not built in',
      facts: databaseOnly('mongo-userdb="mongodb://127.0.0.1/coturn"').with(
        logging('0: : Bad configuration format: mongo-userdb', '0: : MongoDB is not supported'),
      ),
      message: 'This coturn is built without MongoDB, and ignores mongo-userdb',
    },
    {
      name: 'accounts of the file go on working',
      facts: redis.adding('user=ada:aPasswordOfAda').with(logging(...refused461)),
      severity: 'warning',
    },
    {
      name: 'a secret of the file is refused with it',
      facts: deployment.adding('redis-userdb="ip=127.0.0.1"').with(logging(...refused461)),
      severity: 'error',
    },
    {
      name: 'a secret of the file goes on working without SQLite',
      facts: deployment
        .adding('userdb=/srv/turn/turndb')
        .with(logging('0: : ERROR: Error retrieving SQLite DB information: file is not a database')),
      severity: 'warning',
    },
    {
      name: 'nobody asked for the default database',
      facts: deployment.with(
        logging('0: : ERROR: Cannot open SQLite DB connection: </var/lib/turn/turndb>, runtime error:'),
      ),
      severity: 'info',
    },
  ],
  skips: [{ name: 'the log is empty', facts: deployment, reason: /no line/ }],
});
