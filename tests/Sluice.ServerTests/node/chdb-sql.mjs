// Where a statement's text ends and its data begin.
import { ServerError } from './chdb-errors.mjs';

const token = /\s+|--[^\n]*|\/\*[^]*?\*\/|'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"|`(?:[^`\\]|\\[^]|``)*`|\w+|[^]/y;

/** A string literal. */
export const literal = text => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;

function* tokens(text) {
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const [found] = token.exec(text);
    yield { text: found, at, isSpace: /^(\s|--|\/\*)/.test(found) };
  }
}

/** The HTTP interface takes one statement a request, unlike the engine. */
export function refuseSecondStatement(sql) {
  let ended = false;
  for (const { text, at, isSpace } of tokens(sql)) {
    if (ended && !isSpace && text !== ';') {
      throw new ServerError(62, 'SYNTAX_ERROR', `Syntax error (Multi-statements are not allowed): failed at position ${at} (end of query): ${sql.slice(at, at + 100)}`);
    }

    ended ||= text === ';';
  }
}

/**
 * For INSERT … FORMAT with data behind it: the data, and the statement that takes them from a file instead. The engine as a library takes text
 * alone, and data need not be text.
 */
export function dataOf(request) {
  // As Latin-1 a character is a byte; the part before the data is read as UTF-8 again.
  const head = request.subarray(0, 1 << 20).toString('latin1');
  const found = [];
  let depth = 0;
  let input = null;
  for (const { text, at, isSpace } of tokens(head)) {
    if (isSpace) {
      continue;
    }

    depth += { '(': 1, ')': -1 }[text] ?? 0;
    const last = found.at(-1);
    if (found.length === 0 && text.toUpperCase() !== 'INSERT') {
      return {};
    }

    if (last?.word === 'INPUT' && text === '(') {
      input = last.at;
    } else if (last?.word === 'FORMAT' && last.depth === 0 && /^\w+$/.test(text)) {
      return rewritten(request, head, found, text, at + text.length, input);
    }

    const word = text.toUpperCase();
    if (depth === 0 && word === 'INFILE') {
      throw new ServerError(48, 'NOT_IMPLEMENTED', 'Query has infile and was send directly to server');
    } else if (depth === 0 && word === 'VALUES') {
      return {};
    }

    found.push({ word, at, depth });
  }

  return {};
}

function rewritten(request, head, found, format, end, input) {
  const formatAt = found.at(-1).at;
  const start = end + /^[ \t\f]*\r?\n?/.exec(head.slice(end))[0].length;
  const statement = (from, to) => request.subarray(from, to).toString('utf8');
  if (input !== null) {
    // input('a Int8, …') is the data behind the statement, as a table.
    const open = head.indexOf('(', input) + 1;
    const insert = file => `${statement(0, input)}file(${literal(file)}, ${literal(format)}, ${statement(open, formatAt)}`;
    return { insert, data: request.subarray(start) };
  }

  if (found.some(({ word, depth }) => depth === 0 && (word === 'SELECT' || word === 'WITH'))) {
    return {};
  }

  const settings = found.find(({ word, depth }) => depth === 0 && word === 'SETTINGS')?.at ?? formatAt;
  const insert = file => `${statement(0, settings)} FROM INFILE ${literal(file)} ${statement(settings, formatAt)} FORMAT ${format}`;
  return { insert, data: request.subarray(start) };
}
