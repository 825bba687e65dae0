CREATE DATABASE analytics;
CREATE DATABASE frozen ALLOW_CONNECTIONS false;
-- database: analytics
CREATE TABLE events (id int);
