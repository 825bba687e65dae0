CREATE ROLE app_owner NOLOGIN;
CREATE ROLE colleague LOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN CREATEDB PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
CREATE DATABASE billing;
-- database: analytics
CREATE SCHEMA sales;
GRANT USAGE ON SCHEMA sales TO hoopdev_analytics_old_7a6860f3, colleague;
CREATE TABLE sales.events (id int);
GRANT SELECT ON sales.events TO hoopdev_analytics_old_7a6860f3 WITH GRANT OPTION;
SET ROLE hoopdev_analytics_old_7a6860f3;
GRANT SELECT ON sales.events TO colleague;
RESET ROLE;
-- database: billing
CREATE TABLE invoices (id int);
GRANT SELECT ON invoices TO hoopdev_analytics_old_7a6860f3;
CREATE TABLE mine (id int);
ALTER TABLE mine OWNER TO hoopdev_analytics_old_7a6860f3;
