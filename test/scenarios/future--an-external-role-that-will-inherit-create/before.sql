CREATE ROLE app_owner NOLOGIN;
CREATE DATABASE analytics;
-- database: analytics
GRANT CREATE ON SCHEMA public TO app_owner;
CREATE TABLE events (id int);
