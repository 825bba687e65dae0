CREATE ROLE hoopdev_analytics_rw_2c764c3a LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_rw_2c764c3a IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
CREATE DATABASE legacy;
GRANT CONNECT ON DATABASE analytics, legacy TO hoopdev_analytics_rw_2c764c3a;
-- database: analytics
CREATE SCHEMA sales;
CREATE TABLE sales.orders (id serial);
CREATE TABLE events (id int);
GRANT USAGE ON SCHEMA public, sales TO hoopdev_analytics_rw_2c764c3a;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public, sales TO hoopdev_analytics_rw_2c764c3a;
GRANT USAGE ON sales.orders_id_seq TO hoopdev_analytics_rw_2c764c3a;
-- database: legacy
CREATE TABLE customers (id int);
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_rw_2c764c3a;
GRANT SELECT, INSERT ON customers TO hoopdev_analytics_rw_2c764c3a;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO hoopdev_analytics_rw_2c764c3a;
