-- =========================================================
-- Role: hoopdev_analytics_rw_2c764c3a
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
GRANT MAINTAIN ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_rw_2c764c3a";
COMMIT;
