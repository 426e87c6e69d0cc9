// An SMS gateway that is not ours: the npm package `smpp`, its own decoding, its own receipts.
//
// It names a message in hexadecimal when it takes it and in decimal in the receipt's text, as many
// gateways do; to numbers that end in an odd digit the other way round, in the receipt's optional
// parameters. Each text it has put together is a line of JSON on standard output.
const smpp = require(process.argv[2]);

const say = (fact) => process.stdout.write(JSON.stringify(fact) + "\n");
const held = new Map();
let last = 0x0abc1234;

function take(pdu) {
  const { message, udh } = pdu.short_message;
  if (!udh) {
    say({ to: pdu.destination_addr, from: pdu.source_addr, text: message, parts: 1 });
    return;
  }
  const [, , reference, total, number] = udh[0];
  const key = `${pdu.destination_addr} ${reference}`;
  const parts = held.get(key) || new Map();
  held.set(key, parts.set(number, message));
  if (parts.size === total) {
    const text = [...parts.keys()].sort((a, b) => a - b).map((n) => parts.get(n)).join("");
    say({ to: pdu.destination_addr, from: pdu.source_addr, text, parts: total });
    held.delete(key);
  }
}

function receipt(session, pdu, id) {
  const common = {
    source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    esm_class: 4,
  };
  if (odd(pdu)) {
    const receipted_message_id = id.toString(16).padStart(10, "0");
    session.deliver_sm({ ...common, receipted_message_id, message_state: 2 });
  } else {
    const short_message = `id:${id} sub:001 dlvrd:001 submit date:2611230930 done date:2611230930 stat:DELIVRD err:000 text:`;
    session.deliver_sm({ ...common, short_message });
  }
}

const odd = (pdu) => /[13579]$/.test(pdu.destination_addr);

const server = smpp.createServer((session) => {
  session.on("error", () => {});
  session.on("bind_transceiver", (pdu) => session.send(pdu.response({ system_id: "foreign" })));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on("submit_sm", (pdu) => {
    const id = (last += 1);
    const message_id = odd(pdu) ? String(id) : id.toString(16).toUpperCase().padStart(8, "0");
    take(pdu);
    session.send(pdu.response({ message_id }));
    receipt(session, pdu, id);
  });
});
server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
