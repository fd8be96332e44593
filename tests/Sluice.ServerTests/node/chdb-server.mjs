// ClickHouse's HTTP interface over chdb, the engine as a library: as much of it as a client needs that loads tables.
// chdb-server.mjs FOLDER, with CHDB_USERS={"name": {"password": "…", "readonly": false}, …}
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import chdb from 'chdb';
import { ServerError, asServerError } from './chdb-errors.mjs';
import { Sessions } from './chdb-sessions.mjs';
import { dataOf, literal, refuseSecondStatement } from './chdb-sql.mjs';

const [folder] = process.argv.slice(2);
const users = JSON.parse(process.env.CHDB_USERS);
const uploads = `${folder}/uploads`;
mkdirSync(uploads);
// The engine lives as long as one session is open: this one.
const engine = new chdb.Session(`${folder}/data`);
const version = engine.query('SELECT version()', 'TabSeparatedRaw').trim();
const timezone = engine.query('SELECT timezone()', 'TabSeparatedRaw').trim();
const sessions = new Sessions(() => new chdb.Session(`${folder}/data`));

// Parameters of the address that are no settings.
const reserved = new Set([
  'query', 'database', 'default_format', 'user', 'password', 'query_id', 'session_id', 'session_timeout', 'session_check', 'close_session',
  'wait_end_of_query', 'buffer_size', 'quota_key', 'stacktrace',
]);
const decoders = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync, identity: body => body };

function userOf(request, parameters) {
  const headers = request.headers;
  const ways = [headers['x-clickhouse-user'] !== undefined, headers.authorization !== undefined, parameters.has('user')].filter(Boolean).length;
  let [name, password] = ['default', ''];
  if (ways > 1) {
    throw new ServerError(516, 'AUTHENTICATION_FAILED', 'Invalid authentication: it is not allowed to use several ways of authentication simultaneously');
  } else if (headers.authorization !== undefined) {
    const text = Buffer.from(headers.authorization.replace(/^Basic /i, ''), 'base64').toString('utf8');
    [name, password] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  } else if (headers['x-clickhouse-user'] !== undefined) {
    // Node reads headers as Latin-1, ClickHouse as the bytes that they are.
    [name, password] = [headers['x-clickhouse-user'], headers['x-clickhouse-key'] ?? ''].map(text => Buffer.from(text, 'latin1').toString('utf8'));
  } else if (parameters.has('user')) {
    [name, password] = [parameters.get('user'), parameters.get('password') ?? ''];
  }

  if (!Object.hasOwn(users, name) || users[name].password !== password) {
    throw new ServerError(516, 'AUTHENTICATION_FAILED', `${name}: Authentication failed: password is incorrect, or there is no user with such name.`);
  }

  return { name, ...users[name] };
}

// Settings hold for one request, also in a session that goes on.
async function prepare(session, user, parameters, isGet) {
  const restore = [];
  const set = async (name, value) => {
    if (!/^\w+$/.test(name)) {
      throw new ServerError(115, 'UNKNOWN_SETTING', `Unknown setting '${name}'`);
    }

    if (parameters.has('session_id')) {
      const before = await run(session, `SELECT value, changed FROM system.settings WHERE name = ${literal(name)}`, 'JSONCompact');
      const [old, changed] = JSON.parse(before).data[0] ?? ['', 0];
      restore.push(`SET ${name} = ${changed ? literal(old) : 'DEFAULT'}`);
    }

    await run(session, `SET ${name} = ${literal(value)}`);
  };
  if (parameters.has('database')) {
    await run(session, `USE \`${parameters.get('database').replaceAll(/[\\`]/g, '\\$&')}\``);
  }

  // What may only be read can't be given back to who may write.
  if ((user.readonly || isGet) && parameters.has('session_id')) {
    throw new ServerError(48, 'NOT_IMPLEMENTED', 'This server has no named sessions that may only read: use POST and a user who may write');
  }

  if (user.readonly) {
    await run(session, 'SET readonly = 1');
  }

  for (const [name, value] of parameters) {
    if (name.startsWith('param_')) {
      await run(session, `SET ${name} = ${literal(value)}`);
    } else if (!reserved.has(name)) {
      await set(name, value);
    }
  }

  // What comes by GET may not change anything.
  if (isGet && !user.readonly) {
    await run(session, 'SET readonly = 2');
  }

  return restore;
}

async function run(session, sql, format = 'TabSeparated') {
  try {
    return Buffer.from((await session.queryAsync(sql, { format })).bytes());
  } catch (error) {
    throw asServerError(error);
  }
}

async function answer(session, parameters, text, format) {
  const { insert, data } = dataOf(text);
  if (!insert) {
    refuseSecondStatement(text.toString('utf8'));
    return run(session, text.toString('utf8'), format);
  }

  const file = `${uploads}/${randomUUID()}`;
  writeFileSync(file, data);
  try {
    return await run(session, insert(file), format);
  } finally {
    rmSync(file);
  }
}

async function bodyOf(request) {
  const chunks = [];
  // Throws when the client goes in the middle, so that half a body does nothing.
  for await (const chunk of request) {
    chunks.push(chunk);
  }

  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (!Object.hasOwn(decoders, encoding)) {
    throw new ServerError(48, 'NOT_IMPLEMENTED', `Unknown compression method: ${encoding}`);
  }

  return decoders[encoding](Buffer.concat(chunks));
}

async function query(request, parameters) {
  const user = userOf(request, parameters);
  const body = await bodyOf(request);
  const text = parameters.get('query') ? Buffer.concat([Buffer.from(`${parameters.get('query')}\n`), body]) : body;
  const { session, release } = sessions.take(user.name, parameters);
  let restore = [];
  try {
    restore = await prepare(session, user, parameters, request.method === 'GET');
    const format = parameters.get('default_format') ?? request.headers['x-clickhouse-format'] ?? 'TabSeparated';
    return await answer(session, parameters, text, format);
  } finally {
    for (const sql of restore) {
      await run(session, sql);
    }

    release();
  }
}

async function serve(request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/ping') {
    response.end('Ok.\n');
    return;
  }

  const headers = { 'X-ClickHouse-Server-Display-Name': 'chdb', 'X-ClickHouse-Timezone': timezone };
  headers['X-ClickHouse-Query-Id'] = url.searchParams.get('query_id') ?? randomUUID();
  try {
    if (url.pathname !== '/') {
      response.writeHead(404, headers).end(`There is no handle ${url.pathname}\n`);
      return;
    }

    const result = await query(request, url.searchParams);
    response.writeHead(200, { ...headers, 'Content-Length': result.length }).end(result);
  } catch (error) {
    if (request.destroyed && !request.complete) {
      console.error(`A client went before its request had come: ${error.message}`);
      return;
    }

    const known = error instanceof ServerError ? error : new ServerError(1002, 'UNKNOWN_EXCEPTION', String(error.stack));
    request.resume();
    headers['X-ClickHouse-Exception-Code'] = String(known.code);
    response.writeHead(known.status, { ...headers, 'Content-Type': 'text/plain; charset=UTF-8' });
    response.end(`Code: ${known.code}. DB::Exception: ${known.message} (${known.name}) (version ${version} (official build))\n`);
  }
}

const server = createServer({ maxHeaderSize: 1 << 20, keepAliveTimeout: 30_000, requestTimeout: 0 }, (request, response) => {
  serve(request, response).catch(error => {
    console.error(error);
    process.exit(1);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`chdb ${version} listens on ${server.address().port}`));
