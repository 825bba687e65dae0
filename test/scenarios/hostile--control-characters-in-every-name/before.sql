CREATE ROLE U&"lead\000a\005c! touch /tmp/owned" LOGIN;
CREATE ROLE U&"team ""\202e\\" NOLOGIN;
CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT U&"team ""\202e\\" TO hoopdev_analytics_ro_6075a443;
CREATE DATABASE analytics;
CREATE DATABASE archive;
CREATE DATABASE U&"else\000a\005c! touch /tmp/owned";
CREATE DATABASE U&"a=b 'c' ""d"" \\e\000d\0085";
GRANT CREATE ON DATABASE archive TO U&"lead\000a\005c! touch /tmp/owned" WITH GRANT OPTION;
GRANT CONNECT ON DATABASE U&"else\000a\005c! touch /tmp/owned", U&"a=b 'c' ""d"" \\e\000d\0085" TO hoopdev_analytics_ro_6075a443;
-- database: analytics
CREATE SCHEMA U&"in\2028";
CREATE TABLE U&"in\2028".U&"t\009b\\\+0e0041""" (id int);
CREATE VIEW U&"in\2028".U&"v\00ad" AS SELECT 1;
GRANT SELECT ON U&"in\2028".U&"v\00ad" TO hoopdev_analytics_ro_6075a443;
-- database: archive
CREATE SCHEMA U&"out\000a\005c! touch /tmp/owned\000a";
CREATE TABLE U&"out\000a\005c! touch /tmp/owned\000a".U&"t\0009" (U&"c\000b" int, U&"d\001b[2J" int);
CREATE VIEW U&"out\000a\005c! touch /tmp/owned\000a".U&"v\000a" AS SELECT 1;
CREATE SEQUENCE U&"out\000a\005c! touch /tmp/owned\000a".U&"s\000a";
CREATE TYPE U&"out\000a\005c! touch /tmp/owned\000a".U&"e""\000a\\" AS ENUM ('good');
CREATE FUNCTION U&"out\000a\005c! touch /tmp/owned\000a".U&"f(\000a"(a U&"out\000a\005c! touch /tmp/owned\000a".U&"e""\000a\\"[], b "char") RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION U&"out\000a\005c! touch /tmp/owned\000a".U&"f(\000a"(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TRUSTED LANGUAGE U&"l\000a" HANDLER plpgsql_call_handler;
CREATE FOREIGN DATA WRAPPER U&"w\000a";
CREATE SERVER U&"s\000a" FOREIGN DATA WRAPPER U&"w\000a";
GRANT USAGE ON SCHEMA U&"out\000a\005c! touch /tmp/owned\000a" TO hoopdev_analytics_ro_6075a443, U&"lead\000a\005c! touch /tmp/owned";
GRANT SELECT ON U&"out\000a\005c! touch /tmp/owned\000a".U&"v\000a" TO hoopdev_analytics_ro_6075a443;
GRANT UPDATE (U&"c\000b", U&"d\001b[2J") ON U&"out\000a\005c! touch /tmp/owned\000a".U&"t\0009" TO hoopdev_analytics_ro_6075a443;
GRANT USAGE ON SEQUENCE U&"out\000a\005c! touch /tmp/owned\000a".U&"s\000a" TO hoopdev_analytics_ro_6075a443;
GRANT USAGE ON TYPE U&"out\000a\005c! touch /tmp/owned\000a".U&"e""\000a\\" TO hoopdev_analytics_ro_6075a443;
GRANT EXECUTE ON FUNCTION U&"out\000a\005c! touch /tmp/owned\000a".U&"f(\000a"(U&"out\000a\005c! touch /tmp/owned\000a".U&"e""\000a\\"[], "char") TO hoopdev_analytics_ro_6075a443;
GRANT USAGE ON LANGUAGE U&"l\000a" TO hoopdev_analytics_ro_6075a443;
GRANT USAGE ON FOREIGN DATA WRAPPER U&"w\000a" TO hoopdev_analytics_ro_6075a443;
GRANT USAGE ON FOREIGN SERVER U&"s\000a" TO hoopdev_analytics_ro_6075a443;
GRANT DELETE ON U&"out\000a\005c! touch /tmp/owned\000a".U&"t\0009" TO U&"lead\000a\005c! touch /tmp/owned" WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE U&"lead\000a\005c! touch /tmp/owned" IN SCHEMA U&"out\000a\005c! touch /tmp/owned\000a" GRANT SELECT ON TABLES TO hoopdev_analytics_ro_6075a443;
SET ROLE U&"lead\000a\005c! touch /tmp/owned";
GRANT DELETE ON U&"out\000a\005c! touch /tmp/owned\000a".U&"t\0009" TO hoopdev_analytics_ro_6075a443;
GRANT CREATE ON DATABASE archive TO hoopdev_analytics_ro_6075a443;
RESET ROLE;
-- database: "else\n\\! touch /tmp/owned"
CREATE TABLE U&"t\000a" (id int);
GRANT SELECT ON U&"t\000a" TO hoopdev_analytics_ro_6075a443;
-- database: "a=b 'c' \"d\" \\e\r\u0085"
CREATE TABLE t (id int);
GRANT SELECT ON t TO hoopdev_analytics_ro_6075a443;
