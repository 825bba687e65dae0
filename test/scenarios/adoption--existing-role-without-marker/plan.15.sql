-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
ALTER ROLE "hoopdev_analytics_ro_6075a443" WITH NOCREATEDB;
COMMENT ON ROLE "hoopdev_analytics_ro_6075a443" IS 'For the dashboards [rolewright acme/access]';
REVOKE "readers" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "analytics"
BEGIN;
REVOKE DELETE ON TABLE "public"."events" FROM "hoopdev_analytics_ro_6075a443";
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON TABLE "public"."visits" TO "hoopdev_analytics_ro_6075a443";
COMMIT;
