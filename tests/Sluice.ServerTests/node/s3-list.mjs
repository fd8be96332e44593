// ListObjectsV2 over s3rver's files: its own breaks off with an error when there is more than one page.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { S3Error } from './s3-signature.mjs';

const suffix = '._S3rver_object';
const escapeXml = text => text.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`);

function keysOf(folder) {
  const names = readdirSync(folder, { recursive: true }).filter(name => name.endsWith(suffix));
  // S3 sorts by the bytes of UTF-8, also across folders, of which it knows nothing.
  return names.map(name => name.slice(0, -suffix.length)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** One page of a bucket's objects, as XML. */
export function listObjects(directory, bucket, query) {
  const folder = `${directory}/${bucket}`;
  if (!existsSync(folder)) {
    throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
  }

  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const token = query.get('continuation-token');
  const after = token === null ? query.get('start-after') ?? '' : Buffer.from(token, 'base64').toString('utf8');
  const most = Math.min(1000, Number(query.get('max-keys') ?? 1000));
  const entries = new Map();
  for (const key of keysOf(folder).filter(name => name.startsWith(prefix) && Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0)) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? null : key.slice(0, end + delimiter.length);
    if (common === null || !after.startsWith(common)) {
      entries.set(common ?? key, { key, common });
    }
  }

  const all = [...entries.values()];
  const page = all.slice(0, most);
  const truncated = page.length < all.length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name>`
    + `<KeyCount>${page.length}</KeyCount><MaxKeys>${most}</MaxKeys><IsTruncated>${truncated}</IsTruncated>`
    + (truncated ? `<NextContinuationToken>${Buffer.from(page.at(-1).key).toString('base64')}</NextContinuationToken>` : '')
    + textOf(page, folder, query.get('encoding-type') === 'url', prefix)
    + '</ListBucketResult>';
}

function textOf(page, folder, isUrl, prefix) {
  const encode = text => isUrl ? encodeURIComponent(text).replaceAll('%2F', '/') : escapeXml(text);
  const items = page.map(({ key, common }) => {
    if (common !== null) {
      return `<CommonPrefixes><Prefix>${encode(common)}</Prefix></CommonPrefixes>`;
    }

    const file = `${folder}/${key}${suffix}`;
    const { size, mtime } = statSync(file);
    const etag = `&#34;${readFileSync(`${file}.md5`, 'utf8')}&#34;`;
    return `<Contents><Key>${encode(key)}</Key><LastModified>${mtime.toISOString()}</LastModified><ETag>${etag}</ETag><Size>${size}</Size></Contents>`;
  });
  return `<Prefix>${encode(prefix)}</Prefix>${isUrl ? '<EncodingType>url</EncodingType>' : ''}${items.join('')}`;
}
