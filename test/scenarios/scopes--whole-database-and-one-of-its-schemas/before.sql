CREATE DATABASE analytics;
CREATE DATABASE "my.db";
-- database: analytics
CREATE SCHEMA sales;
CREATE TABLE sales.orders (id int);
-- database: my.db
CREATE SCHEMA "dotted.schema";
CREATE TABLE "dotted.schema".t (id int);
