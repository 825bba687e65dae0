-- Its spec was a managed one until now: everything that this gave it is still there, in a declared database and in others.
CREATE ROLE app_owner NOLOGIN;
CREATE ROLE reporting NOLOGIN;
CREATE ROLE hoopdev_analytics_app_52fc05d5 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_app_52fc05d5 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
CREATE DATABASE legacy;
CREATE DATABASE untouched;
GRANT CONNECT ON DATABASE analytics, legacy TO hoopdev_analytics_app_52fc05d5;
-- database: analytics
CREATE TABLE events (id serial, name text);
CREATE TABLE visits (id int);
CREATE TABLE partitioned (id int) PARTITION BY LIST (id);
CREATE TABLE part PARTITION OF partitioned DEFAULT;
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE mood AS ENUM ('good');
GRANT USAGE, CREATE ON SCHEMA public TO hoopdev_analytics_app_52fc05d5;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO hoopdev_analytics_app_52fc05d5;
GRANT UPDATE (name), REFERENCES (name, id) ON events TO hoopdev_analytics_app_52fc05d5;
GRANT USAGE ON SEQUENCE events_id_seq TO hoopdev_analytics_app_52fc05d5;
GRANT EXECUTE ON FUNCTION one() TO hoopdev_analytics_app_52fc05d5;
GRANT USAGE ON TYPE mood TO hoopdev_analytics_app_52fc05d5;
GRANT SELECT ON pg_catalog.pg_authid TO hoopdev_analytics_app_52fc05d5;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT SELECT ON TABLES TO hoopdev_analytics_app_52fc05d5;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT EXECUTE ON FUNCTIONS TO hoopdev_analytics_app_52fc05d5;
-- database: legacy
CREATE SCHEMA sales;
CREATE TABLE sales.invoices (id int);
CREATE TABLE sales.mine (id int);
ALTER TABLE sales.mine OWNER TO hoopdev_analytics_app_52fc05d5;
GRANT USAGE ON SCHEMA sales TO hoopdev_analytics_app_52fc05d5;
GRANT SELECT ON sales.invoices TO hoopdev_analytics_app_52fc05d5;
