// Answers Binding on many loopback addresses: node binding-servers.mjs COUNT PORT
import { createSocket } from 'node:dgram';
import { addressOf } from './servers.mjs';

const [count, port] = process.argv.slice(2).map(Number);

function answerTo(request, { address, port: from }) {
  const answer = Buffer.alloc(32);
  answer.write('0101000c', 'hex');
  request.copy(answer, 4, 4, 20);
  // XOR-MAPPED-ADDRESS, of IPv4.
  answer.write('002000080001', 20, 'hex');
  answer.writeUInt16BE(from ^ 0x2112, 26);
  address.split('.').forEach((octet, i) => {
    answer[28 + i] = Number(octet) ^ answer[4 + i];
  });
  return answer;
}

const open = Array.from({ length: count }, (_, i) => {
  const socket = createSocket('udp4');
  socket.on('message', (request, from) => socket.send(answerTo(request, from), from.port, from.address));
  return new Promise(done => socket.bind(port, addressOf(i), done));
});
await Promise.all(open);
console.log('ready');
