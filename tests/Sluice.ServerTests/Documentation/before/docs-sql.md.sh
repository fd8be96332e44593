cat >sluice.yaml <<'YAML'
version: 1
workspaces: {production: {app_api_key: "${CUSTOMERIO_APP_API_KEY}", base_url: "${CUSTOMERIO_BASE_URL}", rate: 10000}}
destinations: {warehouse: duckdb:///crm.duckdb}
syncs:
  daily: {tables: [campaigns]}
YAML
echo 'SELECT id, name FROM campaigns ORDER BY id' >report.sql
