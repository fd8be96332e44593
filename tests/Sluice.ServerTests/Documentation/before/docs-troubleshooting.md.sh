sluice ingest --source-table campaigns --dest-uri duckdb:///crm.duckdb
