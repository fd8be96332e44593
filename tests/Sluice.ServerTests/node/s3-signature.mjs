// AWS signature version 4 in the Authorization header, and the bodies that it covers.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** An error as S3 names it. */
export class S3Error extends Error {
  constructor(status, name, message) {
    super(message);
    [this.status, this.name] = [status, name];
  }
}

const digest = (algorithm, data) => createHash(algorithm).update(data).digest();
const hex = data => digest('sha256', data).toString('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const escape = text => encodeURIComponent(text).replace(/[!'()*]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

function canonical(request, signed) {
  const [path, query = ''] = request.url.split('?');
  const pairs = query.split('&').filter(Boolean).map(pair => {
    const [name, value = ''] = pair.split(/=(.*)/s);
    return [escape(decodeURIComponent(name)), escape(decodeURIComponent(value))];
  });
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1));
  const headers = signed.map(name => `${name}:${String(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [
    request.method,
    path.split('/').map(part => escape(decodeURIComponent(part))).join('/'),
    pairs.map(pair => pair.join('=')).join('&'),
    headers.join(''),
    signed.join(';'),
    request.headers['x-amz-content-sha256'],
  ].join('\n');
}

/** Who sent the request; throws when nobody did who may. */
export function authenticate(request, keys, region) {
  const parts = /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
    .exec(request.headers.authorization ?? '');
  if (!parts) {
    throw new S3Error(403, 'AccessDenied', 'Access Denied: no signature of version 4 in the Authorization header');
  }

  const [, id, day, scopeRegion, names, signature] = parts;
  if (!Object.hasOwn(keys, id)) {
    throw new S3Error(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  } else if (scopeRegion !== region) {
    throw new S3Error(400, 'AuthorizationHeaderMalformed', `The authorization header is malformed; the region '${scopeRegion}' is wrong; expecting '${region}'`);
  } else if (request.headers['x-amz-content-sha256'] === undefined) {
    throw new S3Error(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }

  const signed = names.split(';');
  const unsigned = Object.keys(request.headers).find(name => (name === 'host' || name.startsWith('x-amz-')) && !signed.includes(name));
  if (unsigned) {
    throw new S3Error(403, 'AccessDenied', `There were headers present in the request which were not signed: ${unsigned}`);
  }

  const at = request.headers['x-amz-date'] ?? '';
  const time = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!at.startsWith(day) || !(Math.abs(Date.now() - time) < 900_000)) {
    throw new S3Error(403, 'RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.');
  }

  const scope = `${day}/${region}/s3/aws4_request`;
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${keys[id].secret}`, day), region));
  const expected = hmac(key, ['AWS4-HMAC-SHA256', at, scope, hex(canonical(request, signed))].join('\n'));
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new S3Error(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided. Check your key and signing method.');
  }

  return id;
}

/** The object's bytes out of a request's body; throws when they are not those that were signed or summed. */
export function payloadOf(request, body) {
  const declared = request.headers['x-amz-content-sha256'];
  const sums = Object.fromEntries(Object.entries(request.headers).filter(([name]) => /^x-amz-checksum-(?!type|algorithm|mode)/.test(name)));
  if (declared.startsWith('STREAMING-')) {
    // Amazon takes bodies that are signed in chunks. Cloudflare R2 and others don't, in these words.
    throw new S3Error(501, 'NotImplemented', `${declared} not implemented`);
  } else if (declared !== 'UNSIGNED-PAYLOAD' && declared !== hex(body)) {
    throw new S3Error(400, 'XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.");
  }

  verify(sums, request.headers['content-md5'], body);
  if (request.method === 'POST' && /[?&]delete(=|&|$)/.test(request.url) && Object.keys(sums).length === 0 && !request.headers['content-md5']) {
    throw new S3Error(400, 'InvalidRequest', 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }

  return body;
}

function crc(polynomial, data) {
  let sum = ~0;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = (sum >>> 1) ^ (sum & 1 ? polynomial : 0);
    }
  }

  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(~sum);
  return bytes;
}

const algorithms = {
  'x-amz-checksum-crc32': data => crc(0xedb88320, data),
  'x-amz-checksum-crc32c': data => crc(0x82f63b78, data),
  'x-amz-checksum-sha1': data => digest('sha1', data),
  'x-amz-checksum-sha256': data => digest('sha256', data),
};

function verify(sums, md5, body) {
  for (const [name, value] of Object.entries(sums)) {
    if (!algorithms[name]) {
      throw new S3Error(501, 'NotImplemented', `${name} is not implemented`);
    } else if (algorithms[name](body).toString('base64') !== value) {
      throw new S3Error(400, 'BadDigest', `The ${name} you specified did not match the calculated checksum.`);
    }
  }

  if (md5 !== undefined && digest('md5', body).toString('base64') !== md5) {
    throw new S3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}
