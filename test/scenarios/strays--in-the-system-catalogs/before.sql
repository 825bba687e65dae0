CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
GRANT SELECT ON pg_catalog.pg_authid TO hoopdev_analytics_ro_6075a443;
GRANT SELECT (subconninfo) ON pg_catalog.pg_subscription TO hoopdev_analytics_ro_6075a443;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO hoopdev_analytics_ro_6075a443;
GRANT CREATE ON SCHEMA pg_catalog TO hoopdev_analytics_ro_6075a443;
GRANT SELECT ON information_schema.tables TO hoopdev_analytics_ro_6075a443;
