CREATE DATABASE billing;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE SCHEMA hr;
CREATE TABLE hr.salaries (id int);
CREATE TABLE hr.people (id int);
GRANT USAGE ON SCHEMA hr TO hoopdev_analytics_ro_6075a443;
GRANT SELECT ON hr.salaries TO hoopdev_analytics_ro_6075a443;
-- database: billing
CREATE TABLE invoices (id int);
GRANT SELECT, UPDATE ON invoices TO hoopdev_analytics_ro_6075a443;
CREATE FUNCTION pay() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION pay TO hoopdev_analytics_ro_6075a443;
-- database: postgres
CREATE TABLE notes (id int);
GRANT SELECT ON notes TO hoopdev_analytics_ro_6075a443;
