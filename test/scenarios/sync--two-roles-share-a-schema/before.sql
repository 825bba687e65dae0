CREATE ROLE app_owner NOLOGIN;
CREATE DATABASE analytics OWNER app_owner;
CREATE DATABASE legacy OWNER app_owner;
-- database: analytics
CREATE TABLE events (id serial, what text);
-- database: legacy
CREATE TABLE customers (id int);
