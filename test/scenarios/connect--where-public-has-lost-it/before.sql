CREATE DATABASE analytics;
REVOKE ALL ON DATABASE analytics FROM PUBLIC;
-- database: analytics
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE TABLE events (id int);
