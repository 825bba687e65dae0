CREATE DATABASE analytics;
-- database: analytics
CREATE SCHEMA sales;
