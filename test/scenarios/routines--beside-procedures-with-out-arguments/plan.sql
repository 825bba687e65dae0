-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
GRANT EXECUTE ON ROUTINE public.total(), public.total(IN integer) TO "hoopdev_analytics_ro_6075a443";
COMMIT;
