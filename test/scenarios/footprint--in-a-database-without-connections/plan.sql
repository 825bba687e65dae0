-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
-- failed: nothing was planned, and the message of the plan says why

-- =========================================================
-- Role: hoopdev_analytics_rw_2c764c3a
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_rw_2c764c3a";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_rw_2c764c3a";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_rw_2c764c3a";
COMMIT;

-- =========================================================
-- Role: hoopdev_analytics_old_7a6860f3
-- Resource: analytics (192.168.18.54:5432)
-- Type: orphaned
-- =========================================================
-- orphaned, left alone
