CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'nobody knows it';
CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int);
