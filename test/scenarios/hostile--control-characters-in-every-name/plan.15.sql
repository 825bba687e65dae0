-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
REVOKE U&"team ""\202e\\" FROM "hoopdev_analytics_ro_6075a443";
SET LOCAL ROLE U&"lead\000a\\! touch /tmp/owned";
REVOKE CREATE ON DATABASE "archive" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
REVOKE CONNECT ON DATABASE U&"a=b 'c' ""d"" \\e\000d\0085" FROM "hoopdev_analytics_ro_6075a443";
REVOKE CONNECT ON DATABASE U&"else\000a\\! touch /tmp/owned" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect -reuse-previous=on '"dbname=''a=b \\''c\\'' ""d"" \\\\e\x0d\xc2\x85''"'
BEGIN;
REVOKE SELECT ON ALL TABLES IN SCHEMA "public" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "analytics"
BEGIN;
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA U&"in\2028" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON TABLE U&"in\2028".U&"t\009b\\\+0e0041""" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "archive"
BEGIN;
ALTER DEFAULT PRIVILEGES FOR ROLE U&"lead\000a\\! touch /tmp/owned" IN SCHEMA U&"out\000a\\! touch /tmp/owned\000a" REVOKE SELECT ON TABLES FROM "hoopdev_analytics_ro_6075a443";
SET LOCAL ROLE U&"lead\000a\\! touch /tmp/owned";
REVOKE DELETE ON TABLE U&"out\000a\\! touch /tmp/owned\000a".U&"t\0009" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
REVOKE USAGE ON SCHEMA U&"out\000a\\! touch /tmp/owned\000a" FROM "hoopdev_analytics_ro_6075a443";
REVOKE EXECUTE ON ROUTINE U&"out\000a\\! touch /tmp/owned\000a".U&"f(\000a"(U&"out\000a\\! touch /tmp/owned\000a".U&"e""\000a\\"[],"char") FROM "hoopdev_analytics_ro_6075a443";
REVOKE SELECT ON TABLE U&"out\000a\\! touch /tmp/owned\000a".U&"v\000a" FROM "hoopdev_analytics_ro_6075a443";
REVOKE UPDATE (U&"c\000b", U&"d\001b[2J") ON TABLE U&"out\000a\\! touch /tmp/owned\000a".U&"t\0009" FROM "hoopdev_analytics_ro_6075a443";
REVOKE USAGE ON FOREIGN DATA WRAPPER U&"w\000a" FROM "hoopdev_analytics_ro_6075a443";
REVOKE USAGE ON FOREIGN SERVER U&"s\000a" FROM "hoopdev_analytics_ro_6075a443";
REVOKE USAGE ON LANGUAGE U&"l\000a" FROM "hoopdev_analytics_ro_6075a443";
REVOKE USAGE ON SEQUENCE U&"out\000a\\! touch /tmp/owned\000a".U&"s\000a" FROM "hoopdev_analytics_ro_6075a443";
REVOKE USAGE ON TYPE U&"out\000a\\! touch /tmp/owned\000a".U&"e""\000a\\" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect '"else\x0a\\! touch /tmp/owned"'
BEGIN;
REVOKE SELECT ON ALL TABLES IN SCHEMA "public" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
