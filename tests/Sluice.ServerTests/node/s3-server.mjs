// An S3 that is as strict as the strictest one where s3rver is not: signatures over whole bodies, checksums, parts, conditions, half requests.
// s3rver keeps buckets and objects behind it. s3-server.mjs FOLDER, with S3_KEYS={"id": {"secret": "…", "readonly": false}, …} and S3_REGION
import { mkdirSync } from 'node:fs';
import { createServer, request as send } from 'node:http';
import S3rver from 's3rver';
import { listObjects } from './s3-list.mjs';
import { Multipart } from './s3-multipart.mjs';
import { S3Error, authenticate, payloadOf } from './s3-signature.mjs';

const [folder] = process.argv.slice(2);
const directory = `${folder}/buckets`;
mkdirSync(directory);
const keys = JSON.parse(process.env.S3_KEYS);
const region = process.env.S3_REGION;
const store = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, vhostBuckets: false });
const { port: storePort } = await store.run();
const multipart = new Multipart(directory);

async function bodyOf(request) {
  const chunks = [];
  // Throws when the client goes in the middle: half an object is no object.
  for await (const chunk of request) {
    chunks.push(chunk);
  }

  return Buffer.concat(chunks);
}

function forward(request, body) {
  const drop = /^(authorization|connection|expect|transfer-encoding|content-length|x-amz-content-sha256)$/;
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !drop.test(name)));
  headers['content-length'] = body.length;
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: storePort, method: request.method, path: request.url, headers, agent: false };
    send(options, resolve).on('error', reject).end(body);
  });
}

// S3 decides about a condition and writes in one step, and gives an object as it was or as it is: s3rver does neither when two come at once.
const turns = new Map();

function inTurn(bucket, work) {
  const turn = (turns.get(bucket) ?? Promise.resolve()).then(work);
  turns.set(bucket, turn.catch(() => {}));
  return turn;
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const id = authenticate(request, keys, region);
  const body = payloadOf(request, await bodyOf(request));
  if (keys[id].readonly && !['GET', 'HEAD'].includes(request.method)) {
    throw new S3Error(403, 'AccessDenied', `User ${id} is not authorized to perform this action`);
  }

  const [, bucket, key] = /^\/([^/]+)\/?(.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  const isList = request.method === 'GET' && bucket && !key && url.searchParams.get('list-type') === '2';
  const { status, headers, content } = await inTurn(bucket, () => stored(request, url, bucket, key, body, isList));
  response.writeHead(status, headers).end(content);
}

async function stored(request, url, bucket, key, body, isList) {
  const own = isList
    ? { status: 200, text: listObjects(directory, bucket, url.searchParams) }
    : multipart.answer(request, url.searchParams, bucket, key, body);
  if (own) {
    return { status: own.status, headers: { 'Content-Type': 'application/xml', 'Content-Length': Buffer.byteLength(own.text) }, content: own.text };
  }

  const found = await forward(request, body);
  return { status: found.statusCode, headers: found.headers, content: await bodyOf(found) };
}

function refuse(request, response, error) {
  const known = error instanceof S3Error ? error : new S3Error(500, 'InternalError', String(error.stack));
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${known.name}</Code><Message>${known.message.replace(/[<&]/g, '_')}</Message></Error>`;
  request.resume();
  if (known.name === 'AuthorizationHeaderMalformed') {
    // From this, clients that were told no region learn the right one.
    response.setHeader('x-amz-bucket-region', region);
  }

  response.writeHead(known.status, { 'Content-Type': 'application/xml', 'Content-Length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}

const server = createServer({ requestTimeout: 0 }, (request, response) => {
  answer(request, response).catch(error => {
    if (request.destroyed && !request.complete) {
      console.error(`A client went before its request had come: ${error.message}`);
    } else {
      refuse(request, response, error);
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(`S3 listens on ${server.address().port}`));
