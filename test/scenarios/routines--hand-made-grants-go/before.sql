CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE purge(days int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION peek() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION wipe FROM PUBLIC;
REVOKE EXECUTE ON PROCEDURE purge FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wipe TO hoopdev_analytics_ro_6075a443;
GRANT EXECUTE ON PROCEDURE purge TO hoopdev_analytics_ro_6075a443;
