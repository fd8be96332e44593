-- texts.duckdb
CREATE TABLE snippets AS SELECT 'greeting-of-a-page' AS name, 'Hello' AS value;
