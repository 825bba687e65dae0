-- =========================================================
-- Role: hoopdev_analytics_people_85627d17
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- failed: nothing was planned, and the message of the plan says why

-- =========================================================
-- Role: hoopdev_analytics_old_7a6860f3
-- Resource: analytics (192.168.18.54:5432)
-- Type: orphaned
-- =========================================================
\set ON_ERROR_STOP on

\connect "postgres"
BEGIN;
DROP ROLE "hoopdev_analytics_old_7a6860f3";
COMMIT;
