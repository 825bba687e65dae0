CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE TABLE events (id int);
GRANT SELECT ON events TO hoopdev_analytics_ro_6075a443;
-- Everybody may execute what it brings, by default, in a schema in scope.
CREATE EXTENSION citext;
-- What it brings has grants to PUBLIC of its own, and a function that it has taken from everybody.
CREATE SCHEMA ext;
GRANT USAGE ON SCHEMA ext TO PUBLIC;
CREATE EXTENSION pg_stat_statements SCHEMA ext;
