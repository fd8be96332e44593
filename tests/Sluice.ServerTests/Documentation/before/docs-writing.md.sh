printf 'id,email,plan\npage-7,seven@example.com,pro\npage-8,gone@example.com,free\n' >people.csv
printf 'id,price,ordered_at\npage-7,12,2026-01-01T10:00:00Z\n' >orders.csv
cat >sluice.yaml <<'YAML'
version: 1
workspaces:
  main:
    app_api_key: "${CUSTOMERIO_APP_API_KEY}"
    site_id: "${CUSTOMERIO_SITE_ID}"
    track_api_key: "${CUSTOMERIO_TRACK_API_KEY}"
    base_url: "${CUSTOMERIO_BASE_URL}"
    rate: 10000
    track_base_url: "${CUSTOMERIO_TRACK_BASE_URL}"
destinations: {warehouse: duckdb:///crm.duckdb}
pushes:
  plans: {from: warehouse, query: "SELECT id, plan, seats FROM accounts", into: people}
two_way:
  stock: {table: shop.stock, with: "collection:stock", key: [sku]}
YAML
sluice query "INSERT INTO collections(name, data) VALUES ('stock', '[{\"sku\": \"sku-9\", \"pieces\": 9}]')"
