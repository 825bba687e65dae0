CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE plain (id int);
CREATE TABLE parted (id int) PARTITION BY RANGE (id);
CREATE VIEW seen AS SELECT * FROM plain;
CREATE MATERIALIZED VIEW kept AS SELECT * FROM plain;
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE far (id int) SERVER elsewhere;
CREATE SEQUENCE numbers;
CREATE TYPE pair AS (a int, b int);
