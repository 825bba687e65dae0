-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
REVOKE "readers" FROM "hoopdev_analytics_ro_6075a443" GRANTED BY "postgres";
COMMIT;
