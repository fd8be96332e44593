cat >sluice.yaml <<'YAML'
version: 1
workspaces: {main: {app_api_key: "${CUSTOMERIO_APP_API_KEY}", base_url: "${CUSTOMERIO_BASE_URL}", rate: 10000}}
destinations: {warehouse: duckdb:///crm.duckdb}
syncs:
  mornings: {schedule: {cron: "0 6 * * *", time_zone: America/Los_Angeles}, tables: [campaigns]}
YAML
