CREATE ROLE crm NOLOGIN REPLICATION;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN CREATEROLE BYPASSRLS PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT crm TO hoopdev_analytics_ro_6075a443;
CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int);
