CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int);
