CREATE ROLE lead NOLOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE TABLE events (id serial);
GRANT INSERT ON events TO hoopdev_analytics_ro_6075a443;
CREATE SEQUENCE tickets;
CREATE SEQUENCE receipts;
GRANT USAGE ON SCHEMA public TO lead;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO lead WITH GRANT OPTION;
SET ROLE lead;
GRANT USAGE ON SEQUENCE events_id_seq, tickets TO hoopdev_analytics_ro_6075a443;
GRANT USAGE ON SEQUENCE receipts TO hoopdev_analytics_ro_6075a443 WITH GRANT OPTION;
RESET ROLE;
