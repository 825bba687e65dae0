CREATE ROLE migrator NOLOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics OWNER migrator;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
CREATE TABLE events (id int);
CREATE TABLE visits (id int);
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO hoopdev_analytics_ro_6075a443;
-- A migration, with the owner's defaults instead of the grants that were there.
DROP TABLE events;
CREATE TABLE events (id bigint, at timestamptz);
ALTER TABLE events OWNER TO migrator;
