// zip.mjs ROOT FOLDER EPOCH OUT: packs ROOT/FOLDER into a ZIP file, the same files into the same bytes.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";

const [root, folder, epoch, out] = process.argv.slice(2);

const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1).replaceAll("\\", "/"))
  .sort();

// ZIP knows local times since 1980, in steps of two seconds: UTC is as good as any.
const at = new Date(Number(epoch) * 1000);
const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();

// The zlib of older Node.js has no crc32 of its own.
const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(data) {
  let sum = 0xffffffff;
  for (const byte of data) sum = table[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

// What the local header and the directory say alike: version needed, flags (names are UTF-8), method, time, sums and sizes.
function common(name, packed, data) {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(0x800, 2);
  header.writeUInt16LE(8, 4);
  header.writeUInt16LE(time, 6);
  header.writeUInt16LE(date, 8);
  header.writeUInt32LE(crc32(data), 10);
  header.writeUInt32LE(packed.length, 14);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

const parts = [];
const directory = [];
let offset = 0;
for (const file of files) {
  const name = Buffer.from(file);
  const data = readFileSync(join(root, file));
  const packed = deflateRawSync(data, { level: 9 });
  const header = common(name, packed, data);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), header, name]);
  const entry = Buffer.alloc(14);
  entry.writeUInt32LE(offset, 10);
  directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), header, entry, name]));
  parts.push(local, packed);
  offset += local.length + packed.length;
}

const end = Buffer.alloc(22);
end.write("PK\x05\x06", 0, "latin1");
end.writeUInt16LE(files.length, 8);
end.writeUInt16LE(files.length, 10);
end.writeUInt32LE(Buffer.concat(directory).length, 12);
end.writeUInt32LE(offset, 16);
writeFileSync(out, Buffer.concat([...parts, ...directory, end]));
console.log(`${out}: ${files.length} files`);
