CREATE ROLE app_owner NOLOGIN;
CREATE ROLE migrator NOLOGIN;
CREATE ROLE hoopdev_analytics_rw_2c764c3a LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_rw_2c764c3a IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_rw_2c764c3a;
-- database: analytics
CREATE SCHEMA sales AUTHORIZATION app_owner;
GRANT USAGE, CREATE ON SCHEMA sales TO migrator;
GRANT USAGE ON SCHEMA sales TO hoopdev_analytics_rw_2c764c3a;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA sales GRANT SELECT ON TABLES TO hoopdev_analytics_rw_2c764c3a;
