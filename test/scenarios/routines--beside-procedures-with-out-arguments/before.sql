CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE FUNCTION total(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE total(OUT int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION other() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION other() TO hoopdev_analytics_ro_6075a443;
