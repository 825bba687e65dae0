CREATE ROLE app_owner NOLOGIN;
CREATE ROLE migrator LOGIN;
CREATE ROLE developers NOLOGIN;
CREATE ROLE ada LOGIN IN ROLE developers;
CREATE DATABASE analytics;
-- database: analytics
CREATE SCHEMA sales AUTHORIZATION app_owner;
CREATE TABLE sales.orders (id int);
ALTER TABLE sales.orders OWNER TO migrator;
GRANT USAGE, CREATE ON SCHEMA sales TO developers, migrator;
