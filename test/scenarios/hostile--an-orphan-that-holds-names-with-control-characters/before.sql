CREATE ROLE app_owner NOLOGIN;
CREATE ROLE U&"lead\000a" NOLOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT U&"lead\000a" TO hoopdev_analytics_old_7a6860f3;
CREATE DATABASE analytics;
GRANT CREATE ON DATABASE analytics TO hoopdev_analytics_old_7a6860f3;
-- database: analytics
CREATE SCHEMA U&"in\200b";
CREATE TABLE U&"evil\0009tab" (id int);
CREATE TABLE U&"evil\000arow" (id int);
CREATE TABLE U&"in\200b".U&"own\001b" (id int);
ALTER TABLE U&"in\200b".U&"own\001b" OWNER TO hoopdev_analytics_old_7a6860f3;
CREATE VIEW U&"in\200b".U&"v\000a" AS SELECT 1;
ALTER VIEW U&"in\200b".U&"v\000a" OWNER TO hoopdev_analytics_old_7a6860f3;
CREATE POLICY U&"p\000a" ON U&"evil\000arow" TO hoopdev_analytics_old_7a6860f3;
GRANT SELECT ON U&"evil\0009tab" TO hoopdev_analytics_old_7a6860f3;
ALTER DEFAULT PRIVILEGES FOR ROLE U&"lead\000a" IN SCHEMA U&"in\200b" GRANT SELECT ON TABLES TO hoopdev_analytics_old_7a6860f3;
