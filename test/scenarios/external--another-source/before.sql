CREATE ROLE reporting NOLOGIN;
CREATE ROLE billing NOLOGIN;
CREATE ROLE hoopdev_analytics_app_52fc05d5 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_app_52fc05d5 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT billing TO hoopdev_analytics_app_52fc05d5;
CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int);
GRANT SELECT ON events TO reporting;
CREATE TABLE invoices (id int);
GRANT SELECT ON invoices TO billing;
