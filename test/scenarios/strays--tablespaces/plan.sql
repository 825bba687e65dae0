-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
REVOKE CREATE ON TABLESPACE "fast" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;
