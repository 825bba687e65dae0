CREATE DATABASE analytics;
-- database: analytics
CREATE SCHEMA pgboss;
CREATE TABLE pgboss.job (id int);
CREATE SCHEMA "Sales";
CREATE TABLE "Sales"."Orders" (id int);
CREATE TABLE events (id int);
