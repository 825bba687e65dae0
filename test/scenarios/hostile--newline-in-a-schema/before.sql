CREATE DATABASE analytics;
-- database: analytics
CREATE SCHEMA "x
\! touch /tmp/owned
";
CREATE TABLE "x
\! touch /tmp/owned
".t (id int);
