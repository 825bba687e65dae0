-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
COMMENT ON ROLE "hoopdev_analytics_ro_6075a443" IS 'for the dashboards [rolewright acme/access]';
COMMIT;

-- =========================================================
-- Role: hoopdev_analytics_old_7a6860f3
-- Resource: analytics (192.168.18.54:5432)
-- Type: orphaned
-- =========================================================
-- orphaned, left alone
