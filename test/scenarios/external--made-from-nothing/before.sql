CREATE ROLE reporting NOLOGIN;
CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int);
GRANT SELECT ON events TO reporting;
