-- crm.duckdb
CREATE TABLE accounts AS SELECT 'page-' || i AS id, 'pro' AS plan, i AS seats FROM range(3) t(i);
CREATE SCHEMA shop;
CREATE TABLE shop.stock AS SELECT 'sku-' || i AS sku, i AS pieces FROM range(3) t(i);
