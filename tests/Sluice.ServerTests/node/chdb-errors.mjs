// What the HTTP interface makes of an engine's error.

const statuses = new Map([
  [401, 'REQUIRED_PASSWORD'],
  [403, 'UNKNOWN_USER WRONG_PASSWORD AUTHENTICATION_FAILED SET_NON_GRANTED_ROLE ACCESS_DENIED'],
  [400, `BAD_ARGUMENTS CANNOT_COMPILE_REGEXP CANNOT_PARSE_TEXT CANNOT_PARSE_ESCAPE_SEQUENCE CANNOT_PARSE_QUOTED_STRING CANNOT_PARSE_DATE
    CANNOT_PARSE_DATETIME CANNOT_PARSE_NUMBER CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING CANNOT_PARSE_IPV4 CANNOT_PARSE_IPV6 CANNOT_PARSE_UUID
    CANNOT_PARSE_INPUT_ASSERTION_FAILED DUPLICATE_COLUMN ILLEGAL_COLUMN THERE_IS_NO_COLUMN TOO_DEEP_AST TOO_BIG_AST SYNTAX_ERROR INCORRECT_DATA
    TYPE_MISMATCH VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE`],
  [404, `UNKNOWN_TABLE UNKNOWN_FUNCTION UNKNOWN_IDENTIFIER UNKNOWN_TYPE UNKNOWN_STORAGE UNKNOWN_DATABASE UNKNOWN_SETTING UNKNOWN_AGGREGATE_FUNCTION
    UNKNOWN_FORMAT UNKNOWN_DATABASE_ENGINE UNKNOWN_TYPE_OF_QUERY UNKNOWN_ROLE`],
  [408, 'TIMEOUT_EXCEEDED'],
  [501, 'NOT_IMPLEMENTED'],
].flatMap(([status, names]) => names.split(/\s+/).map(name => [name, status])));

/** An error with ClickHouse's number and name. */
export class ServerError extends Error {
  constructor(code, name, message) {
    super(message);
    [this.code, this.name] = [code, name];
  }

  get status() {
    return statuses.get(this.name) ?? 500;
  }
}

/** An engine's error, whose text holds number and name; others stay what they are. */
export function asServerError(error) {
  const [, code, message, name] = /Code: (\d+)\. DB::Exception: ([^]*?)\s*\(([A-Z0-9_]+)\)\s*$/.exec(error.message) ?? [];
  return code === undefined ? error : new ServerError(Number(code), name, message);
}
