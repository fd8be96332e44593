// Says which of the statements in a file the grammar of an engine does not accept.
import { readFileSync } from 'node:fs';
import { register } from 'node:module';

register('./whole-paths.mjs', import.meta.url);
const parsers = await import('dt-sql-parser');

const [grammar, file] = process.argv.slice(2);
const parser = new parsers[grammar]();
const statements = readFileSync(file, 'utf8').split(';\n').map((text) => text.trim()).filter((text) => text.length > 0);
const refused = statements
  .map((statement) => ({ statement, errors: parser.validate(`${statement};`) }))
  .filter(({ errors }) => errors.length > 0)
  .map(({ statement, errors }) => `${errors[0].message} in: ${statement}`);
console.log(JSON.stringify({ statements: statements.length, refused }));
