CREATE ROLE hoopdev_analytics_rw_2c764c3a LOGIN;
COMMENT ON ROLE hoopdev_analytics_rw_2c764c3a IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_rw_2c764c3a;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_rw_2c764c3a;
CREATE TABLE events (id int);
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON events TO hoopdev_analytics_rw_2c764c3a;
