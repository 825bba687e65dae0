CREATE ROLE writers NOLOGIN;
CREATE DATABASE legacy;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN CREATEDB CREATEROLE PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT writers TO hoopdev_analytics_old_7a6860f3;
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_old_7a6860f3;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_old_7a6860f3;
CREATE TABLE events (id int);
GRANT SELECT ON events TO hoopdev_analytics_old_7a6860f3;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO hoopdev_analytics_old_7a6860f3;
-- database: legacy
CREATE TABLE customers (id int);
GRANT SELECT ON customers TO hoopdev_analytics_old_7a6860f3;
CREATE TABLE mine (id int);
ALTER TABLE mine OWNER TO hoopdev_analytics_old_7a6860f3;
