// dt-sql-parser is made for bundlers: its imports leave out '.js' and '/index.js', which Node.js wants.
import { statSync } from 'node:fs';

export async function resolve(specifier, context, next) {
  if (!specifier.startsWith('.') || !context.parentURL?.includes('/dt-sql-parser/')) {
    return next(specifier, context);
  }

  const address = new URL(specifier, context.parentURL).href.replace(/\/$/, '');
  const ends = ['', '.js', '/index.js'];
  const end = ends.find((candidate) => statSync(new URL(address + candidate), { throwIfNoEntry: false })?.isFile()) ?? '';
  return next(address + end, context);
}
