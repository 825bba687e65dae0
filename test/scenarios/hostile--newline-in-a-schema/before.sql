CREATE DATABASE analytics;
-- database: analytics
CREATE SCHEMA "x
\! touch /tmp/owned
";
