CREATE DATABASE analytics;
-- database: analytics
CREATE SCHEMA sales;
CREATE TABLE sales.orders (id int);
CREATE SCHEMA hr;
CREATE TABLE hr.salaries (id int);
