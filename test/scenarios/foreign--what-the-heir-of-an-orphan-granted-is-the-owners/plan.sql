-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
SET LOCAL ROLE "app_owner";
REVOKE USAGE ON SCHEMA "lab" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
SET LOCAL ROLE "app_owner";
REVOKE DELETE ON TABLE "public"."events" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

-- =========================================================
-- Role: hoopdev_analytics_old_7a6860f3
-- Resource: analytics (192.168.18.54:5432)
-- Type: orphaned
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
ALTER ROLE "hoopdev_analytics_old_7a6860f3" WITH NOLOGIN;
ALTER ROLE "hoopdev_analytics_old_7a6860f3" WITH PASSWORD NULL;
COMMIT;

\connect "analytics"
BEGIN;
REASSIGN OWNED BY "hoopdev_analytics_old_7a6860f3" TO "app_owner";
DROP OWNED BY "hoopdev_analytics_old_7a6860f3";
COMMIT;

\connect "postgres"
BEGIN;
DROP ROLE "hoopdev_analytics_old_7a6860f3";
COMMIT;
