CREATE DATABASE analytics;
-- database: analytics
CREATE SCHEMA counters;
CREATE SEQUENCE counters.events;
CREATE SEQUENCE counters.other;
CREATE TABLE events (id int DEFAULT nextval('counters.events'), what text);
