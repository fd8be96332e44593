// A mail server that keeps what it takes: mail-server.mjs FOLDER, with MAIL_USER and MAIL_PASSWORD when it wants a login, which goes over STARTTLS with
// FOLDER/key.pem and FOLDER/certificate.pem. Each mail is FOLDER/mail-N.eml, and a line of FOLDER/envelopes.jsonl.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';

const [folder] = process.argv.slice(2);
const { MAIL_USER: user, MAIL_PASSWORD: password } = process.env;
let count = 0;

const server = new SMTPServer({
  authOptional: !user,
  disabledCommands: user ? [] : ['AUTH', 'STARTTLS'],
  ...(user ? { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/certificate.pem`) } : {}),
  onAuth(auth, session, done) {
    const isRight = session.secure && auth.username === user && auth.password === password;
    return done(isRight ? null : new Error('Who are you?'), { user: auth.username });
  },
  onRcptTo(address, session, done) {
    return done(address.address.startsWith('nobody@') ? Object.assign(new Error('There is nobody of that name'), { responseCode: 550 }) : null);
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on('data', part => parts.push(part));
    stream.on('end', () => {
      count += 1;
      writeFileSync(`${folder}/mail-${count}.eml`, Buffer.concat(parts));
      const { mailFrom, rcptTo } = session.envelope;
      const line = { from: mailFrom.address, to: rcptTo.map(to => to.address), user: session.user ?? null, secure: session.secure };
      appendFileSync(`${folder}/envelopes.jsonl`, `${JSON.stringify(line)}\n`);
      done();
    });
  },
});

server.on('error', () => {});
server.listen(0, '127.0.0.1', () => console.log(`Mail server listens on ${server.server.address().port}`));
