// What s3rver lacks of uploads in parts and of conditions: aborting, listing, and refusing what does not fit together.
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { S3Error } from './s3-signature.mjs';

const smallest = 5 * 1024 * 1024;
const header = '<?xml version="1.0" encoding="UTF-8"?>\n';

export class Multipart {
  #directory;

  constructor(directory) {
    this.#directory = directory;
  }

  /** The answer to a request that s3rver can't answer; throws for one that S3 refuses. */
  answer(request, query, bucket, key, body) {
    const uploads = `${this.#directory}/${bucket}/._S3rver_uploads`;
    const upload = query.get('uploadId');
    if (upload !== null && !this.#isOf(uploads, upload, key)) {
      throw new S3Error(404, 'NoSuchUpload', 'The specified multipart upload does not exist. The upload ID might be invalid, or the multipart upload might have been aborted or completed.');
    } else if (upload !== null && request.method === 'DELETE') {
      rmSync(`${uploads}/${upload}`, { recursive: true });
      return { status: 204, text: '' };
    } else if (upload !== null && request.method === 'POST') {
      this.#checkParts(`${uploads}/${upload}`, body.toString('utf8'));
      this.#checkConditions(request, bucket, key);
    } else if (request.method === 'PUT' && key) {
      this.#checkConditions(request, bucket, key);
    } else if (request.method === 'GET' && !key && query.has('uploads')) {
      return { status: 200, text: this.#list(uploads, bucket) };
    }

    return null;
  }

  #isOf(uploads, upload, key) {
    return /^[0-9a-f]+$/.test(upload) && existsSync(`${uploads}/${upload}/key`) && readFileSync(`${uploads}/${upload}/key`, 'utf8') === key;
  }

  #checkParts(folder, xml) {
    const parts = [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part]) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(.*?)</s.exec(part)?.[1].replaceAll(/&quot;|&#34;|"/g, ''),
    }));
    for (const [index, { number, etag }] of parts.entries()) {
      const file = `${folder}/${number}`;
      if (index > 0 && number <= parts[index - 1].number) {
        throw new S3Error(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
      } else if (!existsSync(file) || readFileSync(`${file}.md5`, 'utf8') !== etag) {
        throw new S3Error(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
      } else if (index < parts.length - 1 && statSync(file).size < smallest) {
        throw new S3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
      }
    }
  }

  #checkConditions(request, bucket, key) {
    const { 'if-none-match': none, 'if-match': match } = request.headers;
    const file = `${this.#directory}/${bucket}/${key}._S3rver_object`;
    if (match !== undefined && !existsSync(file)) {
      throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
    }

    const etag = existsSync(file) ? readFileSync(`${file}.md5`, 'utf8') : null;
    if ((none === '*' && etag !== null) || (match !== undefined && match.replaceAll('"', '') !== etag)) {
      throw new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
    }
  }

  #list(uploads, bucket) {
    if (!existsSync(`${this.#directory}/${bucket}`)) {
      throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
    }

    const ids = existsSync(uploads) ? readdirSync(uploads) : [];
    const items = ids.map(id => {
      const key = readFileSync(`${uploads}/${id}/key`, 'utf8').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      const begun = statSync(`${uploads}/${id}/key`).mtime.toISOString();
      return `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${begun}</Initiated></Upload>`;
    });
    return `${header}<ListMultipartUploadsResult><Bucket>${bucket}</Bucket><IsTruncated>false</IsTruncated>${items.join('')}</ListMultipartUploadsResult>`;
  }
}
